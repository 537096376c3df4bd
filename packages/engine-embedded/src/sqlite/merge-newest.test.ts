import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { mergeNewest } from './merge-newest.ts';

const idOf = (n: number) => String(n).padStart(19, '0');

/** A reader over in-memory lists that counts the ids it returns. */
function readerOf(posts: ReadonlyMap<string, readonly string[]>) {
  const reader = {
    given: 0,
    read(authorId: string, before: string, limit: number): readonly string[] {
      const ids = (posts.get(authorId) ?? []).filter((postId) => postId < before).slice(0, limit);
      reader.given += ids.length;
      return ids;
    },
  };
  return reader;
}

it('returns the newest of all, like sorting everything', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ author: fc.nat(20), id: fc.nat(500) }), { maxLength: 300 }),
      fc.integer({ min: 0, max: 40 }),
      fc.nat(501),
      async (written, limit, before) => {
        const byId = new Map(written.map(({ author, id }) => [idOf(id), `author ${author}`]));
        const sorted = [...byId].sort(([a], [b]) => (a < b ? 1 : -1));
        const posts = Map.groupBy(sorted, ([, authorId]) => authorId);
        const reader = readerOf(
          new Map([...posts].map(([authorId, rows]) => [authorId, rows.map(([postId]) => postId)])),
        );
        const merged = await mergeNewest([...posts.keys(), 'silent'], reader.read, {
          before: idOf(before),
          limit,
        });
        const expected = sorted
          .filter(([postId]) => postId < idOf(before))
          .slice(0, limit)
          .map(([postId, authorId]) => ({ postId, authorId }));
        expect(merged).toEqual(expected);
      },
    ),
    { numRuns: 1_000 },
  );
});

it('reads few posts of many authors with many posts', async () => {
  const authors = Array.from({ length: 500 }, (_, index) => `author ${index}`);
  const posts = new Map(
    authors.map((authorId, index) => [
      authorId,
      Array.from({ length: 1_000 }, (_, n) => idOf((1_000 - n) * 1_000 + index)),
    ]),
  );
  const reader = readerOf(posts);
  const merged = await mergeNewest(authors, reader.read, { before: ':', limit: 800 });
  expect(merged).toHaveLength(800);
  expect(reader.given).toBeLessThan(5_000);
});
