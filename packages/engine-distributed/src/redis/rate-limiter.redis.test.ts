import { runSuites } from '@twite/conformance/suites';
import { describe, expect, it } from 'vitest';
import type { LogEntry } from '../log.ts';
import { connectRedis } from './connection.ts';
import { RedisRateLimiter } from './rate-limiter.ts';
import { aNamespace, removeNamespace, stubEngine, testRedisUrl } from './testing/redis-engine.ts';

const log = () => {};

describe.runIf(testRedisUrl !== undefined)('rate limits in Redis', () => {
  const url = testRedisUrl as string;

  runSuites(
    {
      name: 'rate limits in Redis',
      propertyRuns: 300,
      async open({ clock }) {
        const namespace = aNamespace();
        const connection = await connectRedis(url, { name: namespace, log, deadlineMs: 5_000 });
        return stubEngine(
          { rateLimiter: new RedisRateLimiter(connection, { namespace, log, clock }) },
          async () => {
            await removeNamespace(connection, namespace);
            await connection[Symbol.asyncDispose]();
          },
        );
      },
    },
    ['rateLimiter'],
  );

  it('uses the clock of Redis, and counts a key twice if a request contains it twice', async () => {
    const namespace = aNamespace();
    await using connection = await connectRedis(url, { name: namespace, log, deadlineMs: 5_000 });
    const limiter = new RedisRateLimiter(connection, { namespace, log });
    const check = { key: 'k', limit: 3, windowSeconds: 3_600 };
    expect((await limiter.take([check, check])).map(({ remaining }) => remaining)).toEqual([2, 1]);
    expect((await limiter.take([check, check])).map(({ allowed }) => allowed)).toEqual([true, false]);
    const [key = ''] = await connection.client.keys(`${namespace}:*`);
    const ticks = Number(await connection.client.get(key));
    const aheadMs = ticks / 1024 - Date.now();
    expect(aheadMs).toBeGreaterThan(2_300_000);
    expect(aheadMs).toBeLessThan(2_500_000);
    expect(await connection.client.pttl(key)).toBeGreaterThan(2_300_000);
    await removeNamespace(connection, namespace);
  });

  it('without Redis it counts in this process, and logs it once', async () => {
    const entries: LogEntry[] = [];
    const namespace = aNamespace();
    await using connection = await connectRedis('redis://127.0.0.1:1', { name: namespace, log });
    const limiter = new RedisRateLimiter(connection, { namespace, log: (entry) => entries.push(entry) });
    const check = { key: 'k', limit: 2, windowSeconds: 60 };
    const answers = [await limiter.take([check]), await limiter.take([check]), await limiter.take([check])];
    expect(answers.map(([state]) => state?.allowed)).toEqual([true, true, false]);
    expect(limiter.isDegraded).toBe(true);
    expect(entries.map(({ level }) => level)).toEqual(['warn']);
  });

  it('an invalid limit is refused as a programming error', async () => {
    const namespace = aNamespace();
    await using connection = await connectRedis(url, { name: namespace, log, deadlineMs: 5_000 });
    const limiter = new RedisRateLimiter(connection, { namespace, log });
    await expect(limiter.take([{ key: 'k', limit: 0, windowSeconds: 60 }])).rejects.toThrow(RangeError);
  });
});
