import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import type { BenchRequest } from './connection.ts';
import { runLoad } from './run-load.ts';

let open = new AsyncDisposableStack();
afterEach(async () => {
  await open.disposeAsync();
  open = new AsyncDisposableStack();
});

async function serve(answer: RequestListener): Promise<string> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  open.defer(async () => {
    server.close();
    server.closeAllConnections();
  });
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const next = (): BenchRequest => ({ operation: 'read', method: 'GET', path: '/x', headers: { a: 'b' } });

test('a stalled server shows in the percentiles of an open loop, even with few responses meanwhile', async () => {
  let stalled: Promise<void> | undefined;
  const startedAt = performance.now();
  const url = await serve(async (_request, response) => {
    // Stalls for half a second, once.
    if (stalled === undefined && performance.now() - startedAt > 500)
      stalled = new Promise((resolve) => setTimeout(resolve, 500));
    await stalled;
    response.end('ok');
  });
  const result = await runLoad({ url, next, pace: { rate: 200, connections: 2 }, seconds: 2 });
  expect(result).toMatchObject({ requests: 400, ok: 400, statuses: { 200: 400 }, unanswered: {} });
  // About a hundred of 400 requests became due during the stall; they waited 250 ms on average.
  expect(result.latencyMs?.p90).toBeGreaterThan(200);
  expect(result.latencyMs?.max).toBeGreaterThan(450);
});

test('a closed loop sends the next request after the response', async () => {
  let inFlight = 0;
  let most = 0;
  const url = await serve((request, response) => {
    expect([request.url, request.headers.a]).toEqual(['/below/x', 'b']);
    most = Math.max(most, ++inFlight);
    setTimeout(() => {
      inFlight--;
      response.end('ok');
    }, 5);
  });
  const result = await runLoad({ url: `${url}/below/`, next, pace: { connections: 4 }, seconds: 1 });
  expect(most).toBe(4);
  expect(result.offeredRate).toBeNull();
  expect(result.ok).toBe(result.requests);
  expect(result.ok).toBeGreaterThan(10);
  expect(result.latencyMs?.p50).toBeGreaterThan(4.5);
});
