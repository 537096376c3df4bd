import fc from 'fast-check';
import { expect, test } from 'vitest';
import { forEachConcurrently } from './for-each-concurrently.ts';

const turns = (count: number): Promise<void> =>
  count === 0 ? Promise.resolve() : Promise.resolve().then(() => turns(count - 1));

test('each item is handled once, within the concurrency limit', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat({ max: 9 }), { maxLength: 60 }), async (delays) => {
      const handled: number[] = [];
      let underWay = 0;
      await forEachConcurrently(delays.entries(), 16, async ([index, delay]) => {
        underWay++;
        expect(underWay).toBeLessThanOrEqual(16);
        await turns(delay);
        underWay--;
        handled.push(index);
      });
      expect(handled.toSorted((a, b) => a - b)).toEqual([...delays.keys()]);
    }),
    { numRuns: 1_000 },
  );
});

test('a failure is thrown once nothing is running, and nothing starts after it', async () => {
  const full = Promise.withResolvers<void>();
  let underWay = 0;
  const begun: number[] = [];
  const items = Array.from({ length: 40 }, (_, index) => index);
  const running = forEachConcurrently(items, 16, async (index) => {
    begun.push(index);
    if (++underWay === 16) full.resolve();
    await full.promise;
    await turns(index === 3 ? 1 : 5);
    underWay--;
    if (index === 3) throw new Error('three');
  });
  await expect(running).rejects.toThrow('three');
  expect(underWay).toBe(0);
  expect(begun).toHaveLength(16);
});
