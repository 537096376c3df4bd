import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import type { BenchRequest } from './connection.ts';
import { runLoad } from './run-load.ts';

let open = new AsyncDisposableStack();
afterEach(async () => {
  await open.disposeAsync();
  open = new AsyncDisposableStack();
});

const urlOf = (server: Server): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

/** A server with scripted behaviour: `answer` is called with the number of earlier requests. */
async function serve(answer: (socket: Socket, turn: number) => void): Promise<string> {
  const sockets = new Set<Socket>();
  let turn = 0;
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    socket.on('data', () => answer(socket, turn++));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  open.defer(async () => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return urlOf(server);
}

const next = (): BenchRequest => ({ operation: 'read', method: 'GET', path: '/', headers: {} });
const one = { pace: { rate: 20, connections: 1 }, seconds: 0.5 };
const whole = (status: string, headers = '') => `HTTP/1.1 ${status}\r\ncontent-length: 2\r\n${headers}\r\nok`;

test('responses are counted by status, and refusals without Retry-After separately', async () => {
  const answers = [
    whole('200 OK'),
    whole('503 Service Unavailable', 'Retry-After: 1\r\n'),
    whole('429 Too Many Requests'),
    whole('500 Internal Server Error'),
    whole('201 Created'),
  ];
  const url = await serve((socket, turn) => socket.write(answers[turn % answers.length] ?? ''));
  const result = await runLoad({ url, next, ...one });
  expect(result).toMatchObject({
    requests: 10,
    ok: 4,
    statuses: { 200: 2, 201: 2, 429: 2, 500: 2, 503: 2 },
    unanswered: {},
    withoutRetryAfter: 2,
  });
});

test('a connection that closes without a response is counted and replaced', async () => {
  const url = await serve((socket, turn) => {
    if (turn % 2 === 0) socket.end();
    else socket.write(whole('200 OK'));
  });
  expect(await runLoad({ url, next, ...one })).toMatchObject({
    requests: 10,
    ok: 5,
    statuses: { 200: 5 },
    unanswered: { closed: 5 },
  });
});

test('half a response does not corrupt responses on the next connection', async () => {
  const url = await serve((socket, turn) => {
    if (turn === 0) socket.end('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf of it');
    else if (turn === 1) socket.resetAndDestroy();
    else socket.write(whole('200 OK'));
  });
  const result = await runLoad({ url, next, ...one });
  expect(result).toMatchObject({ requests: 10, ok: 8, statuses: { 200: 8 } });
  expect(result.unanswered).toEqual({ closed: 1, ECONNRESET: 1 });
});

test('a request without a response times out, and counts with its waiting time', async () => {
  const url = await serve((socket, turn) => {
    if (turn !== 0) socket.write(whole('200 OK'));
  });
  const result = await runLoad({ url, next, ...one, timeoutMs: 200 });
  expect(result).toMatchObject({ requests: 10, unanswered: { timeout: expect.any(Number) } });
  expect(result.ok + (result.unanswered.timeout ?? 0)).toBe(10);
  expect(result.latencyMs?.max).toBeGreaterThanOrEqual(200);
});

test('a server that is down causes errors without using CPU', async () => {
  const url = await serve(() => undefined);
  await open.disposeAsync();
  open = new AsyncDisposableStack();
  const before = process.cpuUsage();
  const result = await runLoad({ url, next, pace: { rate: 50, connections: 4 }, seconds: 1 });
  const { user, system } = process.cpuUsage(before);
  expect(result).toMatchObject({ requests: 50, ok: 0, statuses: {} });
  expect(result.unanswered.ECONNREFUSED).toBe(50);
  // Microseconds: half of the run's one second.
  expect(user + system).toBeLessThan(500_000);
});

test('an interrupted run reports its results so far', async () => {
  const url = await serve((socket) => socket.write(whole('200 OK')));
  const interrupt = new AbortController();
  const result = await runLoad({
    url,
    next,
    pace: { rate: 20, connections: 1 },
    seconds: 60,
    signal: interrupt.signal,
    onSecond: () => interrupt.abort(),
  });
  expect(result.seconds).toBeLessThan(30);
  expect(result.ok).toBe(result.requests);
  expect(result.perSecond[0]?.ok).toBeGreaterThan(0);
});
