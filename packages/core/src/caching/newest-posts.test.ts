import fc from 'fast-check';
import { expect, it } from 'vitest';
import { mergeNewestPosts } from './newest-posts.ts';

it('gives the newest posts of all, or nothing when somebody may have posts between that are not known', () => {
  const author = fc.record({ postIds: fc.uniqueArray(fc.integer({ min: 10, max: 60 }), { maxLength: 12 }) });
  const page = fc.record({
    before: fc.option(fc.integer({ min: 5, max: 65 }).map(String), { nil: undefined }),
    limit: fc.integer({ min: 1, max: 15 }),
  });
  let answered = 0;
  fc.assert(
    fc.property(
      fc.array(author, { minLength: 1, maxLength: 4 }),
      fc.integer({ min: 1, max: 13 }),
      page,
      (written, kept, { before, limit }) => {
        const taken = new Set<number>();
        const authors = written.map(({ postIds }, n) =>
          postIds
            .filter((postId) => !taken.has(postId) && taken.add(postId))
            .sort((a, b) => b - a)
            .map((postId) => ({ postId: String(postId), authorId: `a${n}` })),
        );
        const known = authors.map((refs) => ({ refs: refs.slice(0, kept), all: refs.length < kept }));
        const all = authors
          .flat()
          .filter(({ postId }) => before === undefined || postId < before)
          .sort((a, b) => (a.postId < b.postId ? 1 : -1));
        const merged = mergeNewestPosts(known, { before, limit });
        if (merged !== undefined) {
          answered += 1;
          expect(merged).toEqual(all.slice(0, limit));
        } else {
          expect(known.some((one) => !one.all)).toBe(true);
        }
      },
    ),
    { numRuns: 2_000 },
  );
  expect(answered).toBeGreaterThan(500);
});
