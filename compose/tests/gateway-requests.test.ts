import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  createServer,
  type IncomingHttpHeaders,
  type RequestListener,
  request,
  type Server,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { RunningGateway } from './running-gateway.ts';

/** Sends headers unchanged: fetch would join them. */
async function send(url: string, method: string, headers: readonly string[] = []) {
  const sent = request(url, { method, headers: ['host', 'gateway', ...headers], agent: false }).end();
  const [response] = await once(sent, 'response');
  return { status: response.statusCode as number, headers: response.headers, body: await text(response) };
}

describe.runIf(spawnSync('haproxy', ['-v']).status === 0)('the gateway', () => {
  const gateway = new RunningGateway();
  const servers: Server[] = [];
  /** Method and path of the requests to the servers, and the servers' behaviour. */
  const asked: string[] = [];
  const ids: unknown[] = [];
  let answer: RequestListener = () => {};
  let hasCdn = true;

  async function serve(isReady: () => boolean, name = ''): Promise<number> {
    const server = createServer((incoming, response) => {
      if (incoming.url === '/readyz') {
        response.writeHead(isReady() ? 200 : 503).end();
        return;
      }
      asked.push(`${name}${incoming.method} ${incoming.url}`);
      ids.push(incoming.headers['x-request-id']);
      answer(incoming, response);
    }).listen(0, '127.0.0.1');
    servers.push(server);
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  }

  beforeAll(async () => {
    const ready = () => true;
    const profile = [await serve(ready), await serve(ready)];
    const cdn = [await serve(() => hasCdn, 'cdn: ')];
    await gateway.start({ posts: [await serve(() => false)], social: [await serve(ready)], profile, cdn });
    // One service has no ready server: two checks detect it.
    const health = () => send(`${gateway.internalUrl}/healthz`, 'GET').then(({ status }) => status, String);
    await vi.waitUntil(async () => (await health()) === 503, { timeout: 20_000, interval: 100 });
  }, 30_000);
  afterAll(async () => {
    await gateway.stop();
    for (const server of servers) {
      server.closeAllConnections();
      server.close();
    }
  });
  beforeEach(() => {
    asked.length = 0;
    ids.length = 0;
    answer = (_, response) => response.end('{}');
  });

  test('is alive while a service has no ready server, and still uses an unready one', async () => {
    expect(await send(`${gateway.internalUrl}/alive`, 'GET')).toMatchObject({ status: 200 });
    expect(await send(`${gateway.url}/v1/posts/1`, 'GET')).toMatchObject({ status: 200 });
    expect(asked).toEqual(['GET /v1/posts/1']);
  });

  test.each(['GET /v1/me', 'PUT /v1/accounts/1/follow', 'DELETE /v1/accounts/1/follow'])(
    'sends %s again when a server ended without an answer',
    async (what) => {
      answer = (incoming, response) => {
        if (asked.length === 1) incoming.socket.destroy();
        else response.end('{}');
      };
      const [method = '', path = ''] = what.split(' ');
      expect(await send(gateway.url + path, method)).toMatchObject({ status: 200 });
      expect(asked).toEqual([what, what]);
    },
  );

  test.each([
    'POST /v1/sessions',
    'PATCH /v1/me',
    'PUT /v1/me/password',
    'PUT /v1/me/password?x=1',
    'DELETE /v1/me',
    'DELETE /v1/sessions/7',
    'DELETE /v1/tokens/7',
    'PUT /v1/admin/accounts/7/role',
  ])('sends %s once', async (what) => {
    answer = (incoming) => incoming.socket.destroy();
    const [method = '', path = ''] = what.split(' ');
    expect(await send(gateway.url + path, method)).toMatchObject({ status: 502 });
    expect(asked).toEqual([what]);
  });

  test('reads media from the CDN without passing on client data or headers of the store', async () => {
    const seen: IncomingHttpHeaders[] = [];
    answer = ({ headers }, response) => {
      seen.push(headers);
      response.writeHead(200, {
        'x-amz-meta-any': '1',
        'X-Amz-Request-Id': '2',
        'x-minio-x': '3',
        etag: '"4"',
      });
      response.end('picture');
    };
    const headers = ['cookie', 'a=b', 'authorization', 'Bearer secret', 'range', 'bytes=0-9'];
    const { status, headers: told, body } = await send(`${gateway.url}/media/1.webp`, 'GET', headers);
    expect([status, body, told.etag]).toEqual([200, 'picture', '"4"']);
    expect(Object.keys(told).filter((name) => /^x-(amz|minio)/.test(name))).toEqual([]);
    expect(seen).toMatchObject([{ range: 'bytes=0-9' }]);
    expect(seen[0]).not.toHaveProperty('cookie');
    expect(seen[0]).not.toHaveProperty('authorization');
    expect(asked).toEqual(['cdn: GET /media/1.webp']);
  });

  test('does not let anyone cache a 416', async () => {
    answer = (_, response) => response.writeHead(416, { 'cache-control': 'public, max-age=31536000' }).end();
    expect(await send(`${gateway.url}/media/1.webp`, 'GET')).toMatchObject({
      status: 416,
      headers: { 'cache-control': 'no-store' },
    });
  });

  test('reads media from the servers while there is no CDN', async () => {
    hasCdn = false;
    try {
      const whoAnswers = async () => {
        await send(`${gateway.url}/media/1.webp`, 'GET');
        return asked.at(-1);
      };
      await expect.poll(whoAnswers).toBe('GET /media/1.webp');
    } finally {
      hasCdn = true;
    }
  });

  test('streams an upload of 110 MB, once', async () => {
    const size = 110 * 1024 * 1024;
    let received = 0;
    const half = Promise.withResolvers<void>();
    answer = async (incoming, response) => {
      for await (const chunk of incoming) {
        received += (chunk as Buffer).length;
        if (received > size / 4) half.resolve();
      }
      response.writeHead(201).end('{}');
    };
    const url = new URL(`${gateway.url}/v1/media`);
    const sent = request(url, { method: 'POST', headers: { 'content-length': size }, agent: false });
    const answered = once(sent, 'response');
    const chunk = Buffer.alloc(1024 * 1024);
    const write = async (count: number) => {
      for (let index = 0; index < count; index++) if (!sent.write(chunk)) await once(sent, 'drain');
    };
    await write(55);
    // The server has received some of it while the rest is still to be sent.
    await half.promise;
    await write(55);
    sent.end();
    const [response] = await answered;
    expect([response.statusCode, await text(response), received]).toEqual([201, '{}', size]);
  });

  test('passes on a 503 of a server without a retry', async () => {
    answer = (_, response) => response.writeHead(503, { 'retry-after': '7' }).end('busy');
    expect(await send(`${gateway.url}/v1/me`, 'GET')).toMatchObject({
      status: 503,
      headers: { 'retry-after': '7' },
      body: 'busy',
    });
    expect(asked).toEqual(['GET /v1/me']);
  });

  test('keeps a request id that is harmless in a log, and replaces all others', async () => {
    const forged = '","status":200,"forged":"';
    const given = [
      ['x-request-id', 'a-good-one'],
      ['x-request-id', `a-good-one,${forged}`],
      ['x-request-id', `${forged},a-good-one`],
      ['x-request-id', forged, 'x-request-id', 'a-good-one'],
    ];
    for (const headers of given) await send(`${gateway.url}/v1/me`, 'GET', headers);
    const [kept, ...replaced] = ids;
    expect(kept).toBe('a-good-one');
    for (const id of replaced) expect(id).toMatch(/^[0-9a-f-]{36}$/);
    await expect.poll(() => replaced.every((id) => gateway.log.includes(String(id)))).toBe(true);
    expect(gateway.log).not.toContain('forged');
  });
});
