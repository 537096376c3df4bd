import { randomUUID } from 'node:crypto';
import { serviceEnvironment, testNamespaces } from '@twite/engine-distributed/testing';
import { createLogger } from '@twite/process/logger';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startProcesses } from '../../packages/server/src/fault-tests/processes.ts';
import { aForm, aPng } from '../../packages/server/src/http-tests/a-png.ts';
import { type Call, makeCall } from '../../packages/server/src/http-tests/client.ts';
import { join } from '../../packages/server/src/http-tests/people.ts';
import {
  collectSecrets,
  type Secrets,
  secretsIn,
} from '../../packages/server/src/http-tests/sent-secrets.ts';
import { indexTemplate } from '../kibana/index-template.mjs';
import { dockerLine, filebeatEvent } from './filebeat-event.ts';

const services = serviceEnvironment();
const roles = ['server', 'worker', 'relay'] as const;
const tag = 'twite/twite';

/** Rare lines, with facts of every kind, and some that fit no field. */
function rareLines(): string[] {
  const lines: string[] = [];
  const log = createLogger({ logLevel: 'trace', logFormat: 'json' }, { write: (line) => lines.push(line) });
  const err = Object.assign(new Error('no answer', { cause: new Error('connect ECONNREFUSED') }), {
    code: 17,
  });
  log.error({ queue: 'fanOut', payload: { type: 'postCreated', postId: '1' }, err }, 'message parked');
  log.error(
    { queue: 'jobs', payload: { name: 'purgePost', postId: ['1'] }, err: 'given up' },
    'dead letter parked',
  );
  log.warn({ drainSeconds: { unlike: 'a number' }, ms: 'unlike a number' }, 'requests cut off at shutdown');
  log.info(
    Object.fromEntries(Array.from({ length: 400 }, (_, index) => [`fact${index}`, index])),
    'process ready',
  );
  return lines;
}

describe.runIf(services !== undefined)('the logs of server, worker and relay, each a process', () => {
  const namespaces = testNamespaces();
  const output = {} as Record<(typeof roles)[number], readonly string[]>;
  let secrets: Secrets;

  beforeAll(async () => {
    const environment = {
      ...services,
      TWITE_ENGINE: 'distributed',
      TWITE_NAMESPACE: namespaces.add(),
      TWITE_PORT: '0',
      TWITE_METRICS_PORT: 'off',
      TWITE_READINESS_DELAY_SECONDS: '0',
      TWITE_LOG_LEVEL: 'trace',
    };
    await using processes = startProcesses(environment);
    const running = roles.map((role) => processes.start(role));
    const [server] = running;
    const [, url = ''] = (await server?.told(/ready at (\S+)/)) ?? [];
    await Promise.all(running.map((process) => process.told(/process ready/)));
    using collecting = collectSecrets();
    secrets = collecting.secrets;
    const once = makeCall(url);
    // A busy machine may be too slow to hash a password in time.
    const call: Call = async (...request) => {
      for (;;) {
        const answer = await once(...request);
        if (answer.status !== 503) return answer;
      }
    };
    const [ann, bob] = [await join(call, 'ann'), await join(call, 'bob')];
    await call('followAccount', { token: bob.token, path: { accountId: ann.accountId } });
    await call('updateMe', {
      token: ann.token,
      body: { bio: 'Lives at the end of a long and quiet street' },
    });
    const form = aForm(aPng(40, 30), { altText: 'A garden behind an iron gate, in the rain' });
    const { mediaId } = (await call('uploadMedia', { token: ann.token, form })).body;
    const created = await call('createPost', {
      token: ann.token,
      body: { text: 'A thought about #wolves that nobody logs', mediaIds: [mediaId] },
    });
    const { postId } = created.body;
    await call('createReply', {
      token: bob.token,
      path: { postId },
      body: { text: 'An answer that nobody logs either' },
    });
    // Through relay and worker.
    const found = async () => (await call('searchPosts', { query: { q: '#wolves' } })).body.items.length;
    await vi.waitUntil(async () => (await found()) === 1, { timeout: 60_000 });
    await call('createSession', { body: { handle: ann.handle, password: 'a wrong password of hers' } });
    for (const process of running) process.signal('SIGTERM');
    expect(await Promise.all(running.map(({ ended }) => ended))).toEqual([0, 0, 0]);
    for (const [index, role] of roles.entries()) output[role] = running[index]?.output ?? [];
  }, 180_000);
  afterAll(() => namespaces.erase(), 60_000);

  test('each line is JSON, with its process and release', () => {
    for (const role of roles) {
      const lines = output[role].map((line) => JSON.parse(line));
      expect(lines.length).toBeGreaterThan(2);
      for (const line of lines) {
        expect(line).toMatchObject({
          level: expect.stringMatching(/^(trace|debug|info|warn|error)$/),
          service: 'twite',
          role,
          version: expect.stringMatching(/^\d+\.\d+\.\d+/),
          host: expect.any(String),
          msg: expect.any(String),
        });
        expect(line.services).toEqual(role === 'server' ? ['posts', 'social', 'profile'] : undefined);
      }
    }
    expect(output.relay.join('\n')).toContain('"msg":"relay gained leadership"');
  });

  test('no line contains a password, a token or user text', () => {
    expect(secrets.size).toBeGreaterThan(10);
    expect(secretsIn(Object.values(output).flat(), secrets)).toEqual([]);
  });

  describe('in a data stream of Elasticsearch', () => {
    const elasticsearch = services?.TWITE_ELASTICSEARCH_URL ?? '';
    // The server of these tests cannot delete data streams, so all runs share one, and identify their lines by an id.
    const stream = 'logs-twitetests-default';
    const run = randomUUID();

    // biome-ignore lint/suspicious/noExplicitAny: as JSON.parse has it
    async function ask(method: string, path: string, body?: unknown): Promise<any> {
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      const type = typeof body === 'string' ? 'application/x-ndjson' : 'application/json';
      const answer = await fetch(`${elasticsearch}${path}`, {
        method,
        headers: { 'content-type': type },
        ...(body === undefined ? {} : { body: text }),
      });
      const parsed: unknown = await answer.json();
      if (!answer.ok) throw new Error(`${method} ${path}: ${JSON.stringify(parsed)}`);
      return parsed;
    }

    const search = (query: object, more: object = {}) =>
      ask('POST', `/${stream}/_search`, {
        size: 1_000,
        ...more,
        query: { bool: { filter: [{ term: { 'twite.run': run } }, query] } },
      });
    const hitsOf = async (query: object) =>
      // biome-ignore lint/suspicious/noExplicitAny: as JSON.parse has it
      (await search(query)).hits.hits.map(({ _source }: any) => _source);

    let shipped = 0;
    beforeAll(async () => {
      const template = indexTemplate({ retention: '14d', pattern: stream });
      await ask('PUT', '/_index_template/logs-twitetests', template);
      const lines = [...Object.values(output).flat(), ...rareLines(), 'not JSON', '{"msg": "no level"}'];
      const events = lines
        .map((line) => filebeatEvent(dockerLine(line.trim(), tag), tag))
        .filter((event) => event !== undefined);
      shipped = events.length;
      expect(shipped).toBe(lines.length - 2);
      // With the current template: the first document creates the stream, and later runs create a new generation of it.
      await ask('POST', `/${stream}/_doc`, { '@timestamp': new Date(), message: 'a new generation' });
      await ask('POST', `/${stream}/_rollover`, {});
      const bulk = events.flatMap((event) => [
        { create: {} },
        { ...event, twite: { ...(event.twite as object), run } },
      ]);
      const answer = await ask(
        'POST',
        `/${stream}/_bulk?refresh=true`,
        bulk.map((part) => `${JSON.stringify(part)}\n`).join(''),
      );
      // biome-ignore lint/suspicious/noExplicitAny: as JSON.parse has it
      expect(answer.items.map(({ create }: any) => create).filter(({ error }: any) => error)).toEqual([]);
    }, 60_000);
    afterAll(async () => {
      const { metadata } = await ask('GET', '/_cluster/state/metadata?filter_path=metadata.data_stream');
      const { indices } = metadata.data_stream.data_stream[stream];
      // Another run may be using the newest ones.
      for (const { index_name } of indices.slice(0, -3)) await ask('DELETE', `/${index_name}`);
    }, 60_000);

    test('every line is kept, and deleted after the retention', async () => {
      const { hits } = await search({ match_all: {} }, { track_total_hits: true });
      expect(hits.total.value).toBe(shipped);
      const { metadata } = await ask('GET', '/_cluster/state/metadata?filter_path=metadata.data_stream');
      expect(metadata.data_stream.data_stream[stream].lifecycle).toMatchObject({
        enabled: true,
        data_retention: '14d',
      });
    });

    test('a request is found by its ids, with the fields of the Elastic Common Schema', async () => {
      const created = { term: { 'twite.operationId': 'createPost' } };
      const [line] = await hitsOf(created);
      expect(line).toMatchObject({
        '@timestamp': '2026-01-02T03:04:05.678901234Z',
        message: 'request completed',
        log: { level: 'info' },
        service: { name: 'twite', node: { name: expect.any(String) } },
        http: { request: { method: 'POST' }, response: { status_code: 201 } },
        user: { id: expect.stringMatching(/^\d+$/) },
        twite: { role: 'server', ms: expect.any(Number) },
      });
      for (const gone of ['agent', 'ecs', 'input', 'docker', 'stream']) expect(line).not.toHaveProperty(gone);
      expect(await hitsOf({ term: { 'trace.id': line.trace.id } })).toContainEqual(line);
      expect(await hitsOf({ term: { 'http.request.id': line.http.request.id } })).toEqual([line]);
      const refused = await hitsOf({ range: { 'http.response.status_code': { gte: 400, lt: 500 } } });
      expect(refused).toMatchObject([{ twite: { operationId: 'createSession' } }]);
    });

    test('messages are found by exact text and by words, and counted by role', async () => {
      expect(await hitsOf({ term: { 'message.keyword': 'relay gained leadership' } })).toHaveLength(1);
      expect((await hitsOf({ match: { message: 'leadership' } })).length).toBeGreaterThan(0);
      const { aggregations } = await search(
        { match_all: {} },
        { size: 0, aggs: { roles: { terms: { field: 'twite.role' } } } },
      );
      const keys = aggregations.roles.buckets.map(({ key }: { key: string }) => key);
      expect(keys.sort()).toEqual([...roles].sort());
    });

    test('an error is found by its code and cause, and a parked message by its ids', async () => {
      const query = { term: { 'error.code': '17' } };
      const [parked, ...others] = await hitsOf(query);
      expect(others).toEqual([]);
      expect(parked).toMatchObject({
        message: 'message parked',
        error: { message: 'no answer', stack_trace: expect.stringContaining('Error: no answer') },
      });
      expect(await hitsOf({ term: { 'twite.err.cause.message': 'connect ECONNREFUSED' } })).toEqual([parked]);
      expect(await hitsOf({ term: { 'twite.payload.postId': '1' } })).toHaveLength(2);
    });
  });
});

test('Filebeat drops every line that Twite did not log', () => {
  const line = '{"level":"info","msg":"process ready"}';
  expect(filebeatEvent(dockerLine(line, tag), tag)).toMatchObject({ message: 'process ready' });
  for (const other of [
    dockerLine(line),
    dockerLine(line, 'other/twite'),
    dockerLine(line, tag, 'stderr'),
    dockerLine('Twite is ready at http://127.0.0.1:8080', tag),
    dockerLine('["level","msg"]', tag),
    dockerLine('{"msg":"no level"}', tag),
  ])
    expect(filebeatEvent(other, tag)).toBeUndefined();
});
