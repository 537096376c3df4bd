import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type RequestListener, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { RunningGateway } from './running-gateway.ts';

/** Sends headers as they are given: fetch would join them. */
async function send(url: string, method: string, headers: readonly string[] = []) {
  const sent = request(url, { method, headers: ['host', 'gateway', ...headers], agent: false }).end();
  const [response] = await once(sent, 'response');
  return { status: response.statusCode as number, headers: response.headers, body: await text(response) };
}

describe.runIf(spawnSync('haproxy', ['-v']).status === 0)('the gateway', () => {
  const gateway = new RunningGateway();
  const servers: Server[] = [];
  /** Method and path of what the servers were asked, and what they do. */
  const asked: string[] = [];
  const ids: unknown[] = [];
  let answer: RequestListener = () => {};

  async function serve(isReady: boolean): Promise<number> {
    const server = createServer((incoming, response) => {
      if (incoming.url === '/readyz') {
        response.writeHead(isReady ? 200 : 503).end();
        return;
      }
      asked.push(`${incoming.method} ${incoming.url}`);
      ids.push(incoming.headers['x-request-id']);
      answer(incoming, response);
    }).listen(0, '127.0.0.1');
    servers.push(server);
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  }

  beforeAll(async () => {
    const profile = [await serve(true), await serve(true)];
    await gateway.start({ posts: [await serve(false)], social: [await serve(true)], profile });
    // One service has no ready server: found by two checks.
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

  test('is alive while a service has no ready server, and still asks the one that is there', async () => {
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

  test('passes on a 503 of a server, and does not ask again', async () => {
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
