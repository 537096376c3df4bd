import { expect, test } from 'vitest';
import { forEachConcurrently } from './for-each-concurrently.ts';

test('every item is handled once, within the concurrency limit', async () => {
  const full = Promise.withResolvers<void>();
  const seen: number[] = [];
  let now = 0;
  let most = 0;
  await forEachConcurrently(Array(20).keys(), 3, async (item) => {
    most = Math.max(most, ++now);
    if (now === 3) full.resolve();
    await full.promise;
    seen.push(item);
    now--;
  });
  expect(seen.sort((a, b) => a - b)).toEqual([...Array(20).keys()]);
  expect(most).toBe(3);
});

test('after the first failure nothing new starts, and the error is thrown once all running calls have ended', async () => {
  const failed = Promise.withResolvers<void>();
  const begun: number[] = [];
  const ended: number[] = [];
  const failing = forEachConcurrently([1, 2, 3, 4, 5], 2, async (item) => {
    begun.push(item);
    if (item === 2) {
      failed.resolve();
      throw new Error('two');
    }
    await failed.promise;
    await Promise.resolve();
    ended.push(item);
  });
  await expect(failing).rejects.toThrow('two');
  expect(begun).toEqual([1, 2]);
  expect(ended).toEqual([1]);
});
