import { LRUCache } from 'lru-cache';

/** Counts that take longer are postponed. */
const longMs = 250;
const factor = 20;
const keptMax = 10_000;

/** The documents that the sweep skips for now, because counting them took long. */
export interface PostponedCounts {
  isDue(id: string): boolean;
  /** Records how long counting a document took: a slow count is postponed by twenty times its duration. */
  took(id: string, ms: number): void;
}

export function createPostponedCounts(now: () => number): PostponedCounts {
  /** The time until which a document is skipped, by its id. */
  const until = new LRUCache<string, number>({ max: keptMax });
  return {
    isDue: (id) => now() >= (until.get(id) ?? 0),
    took(id, ms) {
      if (ms < longMs) until.delete(id);
      else until.set(id, now() + factor * ms);
    },
  };
}
