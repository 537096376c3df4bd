import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareSorted, mergeSorted, type Row } from './compare-sorted.ts';

async function* stream(rows: ReadonlyMap<string, Row[1]>): AsyncGenerator<Row> {
  for (const row of [...rows].sort(([a], [b]) => (a < b ? -1 : 1))) yield row;
}
const ids = fc.stringMatching(/^[0-9]{1,2}(:[0-9])?$/);
const lists = fc.dictionary(ids, fc.option(fc.nat({ max: 2 }))).map((rows) => new Map(Object.entries(rows)));

test('differences equal those of two maps, for all or named keys', async () => {
  await fc.assert(
    fc.asyncProperty(
      lists,
      lists,
      fc.option(fc.array(ids), { nil: undefined }),
      async (wanted, found, only) => {
        const { compared, differing } = await compareSorted(stream(wanted), stream(found), only);
        const all = [...new Set([...wanted.keys(), ...found.keys()])].sort();
        expect(compared).toBe(wanted.size);
        expect(differing).toEqual(
          all.filter(
            (id) =>
              (wanted.get(id) ?? null) !== (found.get(id) ?? null) &&
              (only === undefined || only.includes(id)),
          ),
        );
      },
    ),
    { numRuns: 1_000 },
  );
});

test('two lists are merged in order', async () => {
  const one = new Map([
    ['1', 1],
    ['3', 3],
  ] as const);
  const other = new Map([
    ['2', 2],
    ['3:1', 4],
  ] as const);
  const merged: Row[] = [];
  for await (const row of mergeSorted(stream(one), stream(other))) merged.push(row);
  expect(merged).toEqual([
    ['1', 1],
    ['2', 2],
    ['3', 3],
    ['3:1', 4],
  ]);
});
