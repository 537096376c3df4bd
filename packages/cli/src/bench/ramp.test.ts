import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { findHighestRate } from './ramp.ts';
import type { LoadResult } from './run-load.ts';
import { runLoad } from './run-load.ts';

const outcome = (rate: number, p99: number, achieved = rate): LoadResult => ({
  seconds: 1,
  offeredRate: rate,
  rate: achieved,
  connections: 1,
  clientBusy: 0,
  perSecond: [],
  requests: rate,
  ok: rate,
  statuses: { 200: rate },
  unanswered: {},
  withoutRetryAfter: 0,
  latencyMs: { mean: 1, p50: 1, p90: 1, p99, p999: p99, max: p99 },
  sendDelayMs: null,
  operations: {},
});
const goal = { maxP99Ms: 50, maxErrorShare: 0.001 };

test('the search finds the capacity of a server within its precision', async () => {
  const ramp = await findHighestRate({
    run: async (rate) => outcome(rate, rate <= 1_370 ? 10 : 400),
    goal,
    from: 100,
    to: 100_000,
  });
  expect(ramp.rate).toBeLessThanOrEqual(1_370);
  expect(ramp.rate).toBeGreaterThan(1_370 / 1.06);
  expect(ramp.result?.offeredRate).toBe(ramp.rate);
  expect(ramp.steps.length).toBeLessThan(25);
});

test('one bad run does not end the search, but errors and falling behind do', async () => {
  const tried = new Set<number>();
  const noisy = await findHighestRate({
    run: async (rate) => {
      const isFirst = !tried.has(rate);
      tried.add(rate);
      return outcome(rate, isFirst ? 90 : 10);
    },
    goal,
    from: 100,
    to: 800,
  });
  expect(noisy.rate).toBe(800);
  const failing = await findHighestRate({
    run: async (rate) => ({ ...outcome(rate, 1), ok: rate > 250 ? rate - 2 : rate }),
    goal,
    from: 100,
    to: 800,
  });
  expect(failing.rate).toBeLessThanOrEqual(250);
  const behind = await findHighestRate({
    run: async (rate) => outcome(rate, 1, Math.min(rate, 300)),
    goal,
    from: 100,
    to: 800,
  });
  expect(behind.rate).toBeLessThanOrEqual(316);
  expect(
    (await findHighestRate({ run: async (rate) => outcome(rate, 99), goal, from: 100, to: 800 })).rate,
  ).toBe(0);
});

test('a rate is tried as often as configured, and none below the minimum', async () => {
  const tried: number[] = [];
  const { rate } = await findHighestRate({
    run: async (at) => {
      tried.push(at);
      return outcome(at, 99);
    },
    goal,
    from: 100,
    to: 800,
    least: 40,
    tries: 3,
  });
  expect(rate).toBe(0);
  expect(tried).toEqual([100, 100, 100, 50, 50, 50, 40, 40, 40]);
});

test('the capacity of a real server is found', async () => {
  // One at a time, 10 ms each: at most 100 per second.
  let queue = Promise.resolve();
  const server = createServer((_request, response) => {
    queue = queue.then(() => new Promise((resolve) => setTimeout(resolve, 10)));
    queue.then(() => response.end('ok'));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    const ramp = await findHighestRate({
      run: (rate) =>
        runLoad({
          url,
          next: () => ({ operation: 'read', method: 'GET', path: '/', headers: {} }),
          pace: { rate, connections: 32 },
          seconds: 1,
        }),
      // Only a server that falls behind fails the goal, however busy the machine is.
      goal: { maxP99Ms: 5_000, maxErrorShare: 0 },
      from: 25,
      to: 1_000,
      precision: 0.2,
    });
    // Timers may be late on a busy machine, but never early.
    expect(ramp.rate).toBeGreaterThan(0);
    expect(ramp.rate).toBeLessThan(130);
  } finally {
    server.close();
    server.closeAllConnections();
  }
});
