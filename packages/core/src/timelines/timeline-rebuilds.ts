import { LRUCache } from 'lru-cache';

/** The rebuilds of home timelines that run in this process. */
export interface TimelineRebuilds {
  /**
   * Runs a rebuild, or waits for a running rebuild of the same timeline (single flight). Resolves to false without a
   * rebuild while `rebuildsMax` other timelines are being rebuilt.
   */
  run(accountId: string, rebuild: () => Promise<void>): Promise<boolean>;
  /**
   * Whether a job should be enqueued for a timeline that could not be rebuilt here: at most once a minute per account.
   */
  mayEnqueue(accountId: string): boolean;
}

/**
 * A rebuild reads hundreds of posts. More than a few concurrent ones would starve everything else of the database: when
 * Redis restarts at peak, every timeline is cold.
 */
const rebuildsMax = 8;
const enqueuedAgainMs = 60_000;
const enqueuedMax = 10_000;

export function createTimelineRebuilds(now: () => number = () => performance.now()): TimelineRebuilds {
  const running = new Map<string, Promise<void>>();
  /** When a job was last enqueued for an account. */
  const enqueuedAt = new LRUCache<string, number>({ max: enqueuedMax });
  return {
    async run(accountId, rebuild) {
      let current = running.get(accountId);
      if (current === undefined) {
        if (running.size >= rebuildsMax) return false;
        current = rebuild().finally(() => running.delete(accountId));
        running.set(accountId, current);
      }
      await current;
      return true;
    },
    mayEnqueue(accountId) {
      const last = enqueuedAt.get(accountId);
      if (last !== undefined && now() - last < enqueuedAgainMs) return false;
      enqueuedAt.set(accountId, now());
      return true;
    },
  };
}
