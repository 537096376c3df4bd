import fc from 'fast-check';
import { expect, test } from 'vitest';
import { eachTogether } from './each-together.ts';

const turns = (count: number): Promise<void> =>
  count === 0 ? Promise.resolve() : Promise.resolve().then(() => turns(count - 1));

test('every event is handled once, at most sixteen at a time', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat({ max: 9 }), { maxLength: 60 }), async (delays) => {
      const handled: number[] = [];
      let underWay = 0;
      await eachTogether([...delays.entries()], async ([index, delay]) => {
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

test('a failure is thrown when nothing is under way any more, and nothing is begun after it', async () => {
  let underWay = 0;
  const begun: number[] = [];
  const events = Array.from({ length: 40 }, (_, index) => index);
  const handling = eachTogether(events, async (index) => {
    begun.push(index);
    underWay++;
    await turns(index === 3 ? 1 : 5);
    underWay--;
    if (index === 3) throw new Error('three');
  });
  await expect(handling).rejects.toThrow('three');
  expect(underWay).toBe(0);
  expect(begun).toHaveLength(16);
});
