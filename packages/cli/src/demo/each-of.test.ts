import { expect, test } from 'vitest';
import { eachOf } from './each-of.ts';

test('every item is worked on once, never more at a time than allowed', async () => {
  const seen: number[] = [];
  let now = 0;
  let most = 0;
  await eachOf(
    Array.from({ length: 20 }, (_, i) => i),
    3,
    async (item) => {
      most = Math.max(most, ++now);
      await Promise.resolve();
      seen.push(item);
      now--;
    },
  );
  expect(seen.sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, i) => i));
  expect(most).toBe(3);
});

test('the first failure stops what has not begun, and is thrown when what runs has ended', async () => {
  const begun: number[] = [];
  const ended: number[] = [];
  const failing = eachOf([1, 2, 3, 4, 5], 2, async (item) => {
    begun.push(item);
    await Promise.resolve();
    if (item === 1) throw new Error('one');
    ended.push(item);
  });
  await expect(failing).rejects.toThrow('one');
  expect(begun).toEqual(ended.length === begun.length - 1 ? begun : []);
  expect(begun.length).toBeLessThan(5);
});
