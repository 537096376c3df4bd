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
  /** The time until which a document is skipped, by its id; the oldest entry first. */
  const until = new Map<string, number>();
  return {
    isDue: (id) => now() >= (until.get(id) ?? 0),
    took(id, ms) {
      until.delete(id);
      if (ms < longMs) return;
      until.set(id, now() + factor * ms);
      const [oldest] = until.keys();
      if (until.size > keptMax && oldest !== undefined) until.delete(oldest);
    },
  };
}
