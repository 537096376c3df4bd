import { expect, it } from 'vitest';
import { MemoryRateLimiter } from './memory-rate-limiter.ts';

it('a flood of keys is evicted, full limits first', async () => {
  let now = 0;
  const limiter = new MemoryRateLimiter({ now: () => now }, 100);
  const take = async (key: string) => (await limiter.take([{ key, limit: 2, windowSeconds: 60 }]))[0];
  for (let n = 0; n < 90; n += 1) await take(`old ${n}`);
  now = 120_000;
  await take('in use');
  await take('in use');
  for (let n = 0; n < 50; n += 1) await take(`new ${n}`);
  expect(await take('in use')).toMatchObject({ allowed: false });
  for (let n = 0; n < 1_000; n += 1) await take(`flood ${n}`);
  expect(await take('in use')).toMatchObject({ allowed: true });
});

it('a key that occurs twice in a request counts twice', async () => {
  const limiter = new MemoryRateLimiter({ now: () => 0 });
  const check = { key: 'k', limit: 3, windowSeconds: 60 };
  expect((await limiter.take([check, check])).map(({ remaining }) => remaining)).toEqual([2, 1]);
  expect((await limiter.take([check, check])).map(({ allowed }) => allowed)).toEqual([true, false]);
  expect((await limiter.take([check])).map(({ remaining }) => remaining)).toEqual([0]);
});

it('a flood of keys does not evict one that is used all the time', async () => {
  const limiter = new MemoryRateLimiter({ now: () => 0 }, 100);
  const take = async (key: string) => (await limiter.take([{ key, limit: 5_000, windowSeconds: 60 }]))[0];
  for (let n = 0; n < 1_000; n += 1) {
    await take('in use');
    await take(`flood ${n}`);
  }
  expect(await take('in use')).toMatchObject({ remaining: 5_000 - 1_001 });
});
