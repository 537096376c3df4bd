import type { PageAfter, PageBefore } from '@twite/core/keyset';
import fc from 'fast-check';
import { expect } from 'vitest';

type List<P> = (page: P) => Promise<readonly string[]>;

/** A list by key that grows. */
export interface Growing<P> {
  /** Adds a row, and returns its key in the list. */
  add(): Promise<string>;
  list: List<P>;
}

/** All rows of a newest-first list, page by page. */
export async function walkBefore(list: List<PageBefore>, limit: number): Promise<string[]> {
  const rows: string[] = [];
  for (;;) {
    const page = await list({ before: rows.at(-1), limit });
    expect(page.length).toBeLessThanOrEqual(limit);
    rows.push(...page);
    if (page.length < limit) return rows;
  }
}

/** Newest first, below `before`, at most `limit`. Iterating neither misses nor repeats a row while others arrive. */
export async function expectPagesBefore(
  grow: () => Promise<Growing<PageBefore>>,
  numRuns = 10,
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(walks, async ({ rows, limit, arrivals }) => {
      const { add, list } = await grow();
      const keys: string[] = [];
      for (let i = 0; i < rows; i++) keys.push(await add());
      const newestFirst = keys.toReversed();

      expect(await list({ limit: 100 })).toEqual(newestFirst);
      for (const [i, key] of newestFirst.entries()) {
        expect(await list({ before: key, limit })).toEqual(newestFirst.slice(i + 1, i + 1 + limit));
      }

      const walked: string[] = [];
      const before = newestFirst[0];
      if (before !== undefined) walked.push(before);
      for (const arriving of arrivals) {
        const [page] = await Promise.all([
          list({ before: walked.at(-1), limit }),
          ...Array.from({ length: walked.length > 0 ? arriving : 0 }, () => add()),
        ]);
        walked.push(...page);
        if (page.length < limit) break;
      }
      expect(walked).toEqual(newestFirst);
    }),
    { numRuns },
  );
}

/**
 * Oldest first, above `after`, at most `limit`. Iterating returns the rows that existed at its start, once each, while
 * others arrive.
 */
export async function expectPagesAfter(grow: () => Promise<Growing<PageAfter>>, numRuns = 10): Promise<void> {
  await fc.assert(
    fc.asyncProperty(walks, async ({ rows, limit, arrivals }) => {
      const { add, list } = await grow();
      const keys: string[] = [];
      for (let i = 0; i < rows; i++) keys.push(await add());

      expect(await list({ limit: 100 })).toEqual(keys);
      for (const [i, key] of keys.entries()) {
        expect(await list({ after: key, limit })).toEqual(keys.slice(i + 1, i + 1 + limit));
      }

      const walked: string[] = [];
      for (const arriving of arrivals) {
        // Sequentially: of two concurrent writes, the greater key may become visible first.
        const adding = (async () => {
          for (let i = 0; i < arriving; i++) keys.push(await add());
        })();
        walked.push(...(await list({ after: walked.at(-1), limit })));
        await adding;
      }
      walked.push(...(await list({ after: walked.at(-1), limit: 100 })));
      expect(walked).toEqual(keys);
    }),
    { numRuns },
  );
}

const walks = fc.record({
  rows: fc.integer({ min: 0, max: 9 }),
  limit: fc.integer({ min: 1, max: 4 }),
  arrivals: fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 10, maxLength: 10 }),
});
