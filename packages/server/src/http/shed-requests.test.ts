import { createServer } from 'node:http';
import { contract, type Priority, problem } from '@twite/contract';
import { expect, onTestFinished, test } from 'vitest';
import { makeAskedOf } from './request-priority.ts';
import type { LoadShedder } from './shed-load.ts';
import { shedRequests } from './shed-requests.ts';

/** A server that rejects these priorities, and answers everything else with 200. */
async function serve(refused: readonly Priority[]) {
  const shedder: LoadShedder = {
    arrive: () => true,
    isTooMuch: (priority) => refused.includes(priority),
    beginWork() {},
    endWork() {},
  };
  const counted: unknown[][] = [];
  const lines: unknown[][] = [];
  const listener = shedRequests((_req, res) => void res.end('worked on'), {
    shedder,
    askedOf: makeAskedOf(),
    setHeaders: (_req, res) => void res.setHeader('x-content-type-options', 'nosniff'),
    metrics: { requestShed: (...args) => void counted.push(args) },
    log: { warn: (...args) => void lines.push(args) },
    now: () => 0,
  });
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close().closeAllConnections());
  const { port } = server.address() as { port: number };
  const ask = (path: string, init?: RequestInit) => fetch(`http://127.0.0.1:${port}${path}`, init);
  return { ask, counted, lines };
}

test('refused requests get 503 with Retry-After, as a problem with the usual headers', async () => {
  const { ask, counted } = await serve(['low']);
  const response = await ask('/v1/search/posts?q=garden', { headers: { 'x-request-id': 'mine-12345' } });
  expect(response.status).toBe(503);
  expect(Number(response.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
  expect(response.headers.get('x-request-id')).toBe('mine-12345');
  expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  const body = problem.parse(await response.json());
  expect(body).toMatchObject({ code: 'overloaded', status: 503, requestId: 'mine-12345' });
  expect(contract.searchPosts.metadata.errors).toContain(body.code);
  expect(counted).toEqual([['low', 'searchPosts', 'GET']]);
});

test('clients refused together get different Retry-After values', async () => {
  const { ask } = await serve(['low']);
  const waits = await Promise.all(
    Array.from({ length: 8 }, async () => (await ask('/v1/search/posts?q=a')).headers.get('retry-after')),
  );
  expect(new Set(waits).size).toBe(4);
});

test('searches, public lists and pages are refused before timelines and media, posting and signing in last', async () => {
  const low = await serve(['low']);
  const lowAndNormal = await serve(['low', 'normal']);
  const all = await serve(['low', 'normal', 'high']);
  const statuses = async (method: string, path: string) => {
    const init = { method, ...(method === 'POST' ? { body: '{}' } : {}) };
    const answers = await Promise.all(
      [low, lowAndNormal, all].map(async ({ ask }) => (await ask(path, init)).status),
    );
    return answers.map((status) => (status === 503 ? 'refused' : 'worked on'));
  };
  const id = '1855647289012345678';
  for (const path of [
    '/v1/search/posts?q=a',
    '/v1/search/accounts?q=a',
    `/v1/accounts/${id}/posts`,
    `/v1/accounts/${id}/followers`,
    `/v1/posts/${id}/likes`,
    '/docs',
    '/openapi.json',
    '/nowhere',
    '/v1/posts/%zz',
  ]) {
    expect(await statuses('GET', path), path).toEqual(['refused', 'refused', 'refused']);
  }
  for (const path of ['/v1/timelines/home', `/v1/posts/${id}`, '/v1/me', '/media/a.webp']) {
    expect(await statuses('GET', path), path).toEqual(['worked on', 'refused', 'refused']);
  }
  for (const path of [
    '/v1/posts',
    `/v1/posts/${id}/replies`,
    '/v1/sessions',
    '/v1/sessions/refresh',
    '/v1/admin/accounts/1855647289012345678/password-resets',
  ]) {
    expect(await statuses('POST', path), path).toEqual(['worked on', 'worked on', 'refused']);
  }
});

test('health pages and preflights are never refused', async () => {
  const { ask } = await serve(['low', 'normal', 'high']);
  for (const path of ['/livez', '/readyz', '/readyz?probe=1']) expect((await ask(path)).status).toBe(200);
  expect((await ask('/v1/posts', { method: 'OPTIONS' })).status).toBe(200);
});

test('the connection of a refused request can be reused after its body was discarded', async () => {
  const { ask } = await serve(['high']);
  const refused = await ask('/v1/posts', { method: 'POST', body: 'x'.repeat(300_000) });
  expect(refused.status).toBe(503);
  expect(refused.headers.get('connection')).toBe('keep-alive');
  await refused.arrayBuffer();
  expect((await ask('/v1/me')).status).toBe(200);
});

test('refusals are counted one by one, and logged in one line for many', async () => {
  const { ask, counted, lines } = await serve(['normal']);
  for (let index = 0; index < 5; index++) await (await ask('/v1/me')).arrayBuffer();
  expect(counted).toHaveLength(5);
  expect(lines).toEqual([[{ shed: 1 }, 'shedding load']]);
});
