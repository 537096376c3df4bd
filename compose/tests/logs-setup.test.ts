import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, expect, test } from 'vitest';
import { setUp } from '../kibana/set-up.mjs';

interface Asked {
  readonly what: string;
  readonly body: string;
  readonly authorization: string | undefined;
}

type Answers = (what: string) => { readonly status: number; readonly body: object } | undefined;

const opened: { close(): unknown }[] = [];
afterEach(() => {
  for (const server of opened.splice(0)) server.close();
});

/** Fakes an API whose server is in no registry that tests may use: Kibana, and the security of Elasticsearch. */
async function openApi(asked: Asked[], answers: Answers = () => undefined): Promise<URL> {
  const server = createServer(async (request, response) => {
    const what = `${request.method} ${request.url}`;
    asked.push({ what, body: await text(request), authorization: request.headers.authorization });
    const { status, body } = answers(what) ?? { status: 200, body: { success: true } };
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  opened.push(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return new URL(`http://elastic:s3cret@127.0.0.1:${(server.address() as AddressInfo).port}`);
}

const passwords = { systemPassword: 'one', filebeatPassword: 'two', operatorPassword: 'three' };

async function run(elasticsearch?: Answers, kibana?: Answers, withinMs = 30_000) {
  const [toElasticsearch, toKibana]: [Asked[], Asked[]] = [[], []];
  const url = await openApi(toElasticsearch, elasticsearch);
  const kibanaUrl = new URL((await openApi(toKibana, kibana)).origin);
  const told: string[] = [];
  const done = setUp({
    elasticsearchUrl: url.href,
    kibanaUrl: kibanaUrl.href,
    retention: '3d',
    passwords,
    withinMs,
    tell: (line: string) => void told.push(line),
  });
  return { done, toElasticsearch, toKibana, told };
}

test('sets passwords and rights of users, and the template, before it calls Kibana', async () => {
  const { done, toElasticsearch, toKibana, told } = await run();
  await done;
  const bodies = new Map(toElasticsearch.map(({ what, body }) => [what, body]));
  expect(bodies.get('POST /_security/user/kibana_system/_password')).toBe('{"password":"one"}');
  expect(JSON.parse(bodies.get('PUT /_security/user/twite-filebeat') ?? '')).toEqual({
    password: 'two',
    roles: ['twite-filebeat'],
  });
  expect(JSON.parse(bodies.get('PUT /_security/role/twite-filebeat') ?? '').indices).toEqual([
    { names: ['logs-twite-*'], privileges: ['create_doc', 'auto_configure'] },
  ]);
  expect(JSON.parse(bodies.get('PUT /_index_template/logs-twite') ?? '').template.lifecycle).toEqual({
    data_retention: '3d',
  });
  expect(bodies.get('PUT /_data_stream/logs-twite-*/_lifecycle')).toBe('{"data_retention":"3d"}');
  expect(toKibana.map(({ what }) => what)).toEqual([
    'GET /api/status',
    'POST /api/saved_objects/_import?overwrite=true',
    'POST /api/data_views/default',
  ]);
  expect(toKibana[1]?.body).toContain('"title":"logs-twite-*"');
  for (const { authorization } of [...toElasticsearch, ...toKibana])
    expect(authorization).toBe(`Basic ${Buffer.from('elastic:s3cret').toString('base64')}`);
  expect(told.join('\n')).not.toMatch(/one|two|three|s3cret/);
});

test('a first start without a data stream waits until both services are ready', async () => {
  const waits = new Map<string, number>();
  const later: Answers = (what) => {
    if (what === 'PUT /_data_stream/logs-twite-*/_lifecycle') return { status: 404, body: {} };
    const before = waits.get(what) ?? 0;
    waits.set(what, before + 1);
    return /^GET/.test(what) && before === 0 ? { status: 503, body: {} } : undefined;
  };
  const { done, told } = await run(later, later);
  await done;
  expect(told).toHaveLength(2);
  expect([waits.get('GET /'), waits.get('GET /api/status')]).toEqual([2, 2]);
});

test('an error shows the response, without the password', async () => {
  const refused = await run(() => ({
    status: 401,
    body: { error: 'unable to authenticate user [elastic]' },
  }));
  await expect(refused.done).rejects.toThrow(/^Elasticsearch is not ready: GET \/ answered 401/);
  await expect(refused.done).rejects.not.toThrow('s3cret');
  const broken = await run(undefined, () => ({ status: 503, body: {} }), 1);
  await expect(broken.done).rejects.toThrow(/^Kibana is not ready: GET \/api\/status answered 503/);
  const conflicting = await run(undefined, (what) =>
    what.includes('_import') ? { status: 200, body: { success: false, errors: ['no'] } } : undefined,
  );
  await expect(conflicting.done).rejects.toThrow('Kibana did not take the saved objects: ["no"]');
});
