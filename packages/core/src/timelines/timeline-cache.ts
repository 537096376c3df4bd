import type { PageBefore } from '../keyset.ts';

/** Part of a timeline's window, newest first. */
export interface TimelineSlice {
  readonly postIds: readonly string[];
  /** Whether the window holds everything there is: false when it was cut at its length. */
  readonly complete: boolean;
}

/** Stands for one rebuild; of no use once the timeline was dropped. */
export interface RebuildTicket {
  readonly accountId: string;
  readonly nonce: string;
}

/**
 * Home timelines as they were pushed: derived, bounded, and lost without harm. A timeline is either cold (unknown) or
 * ready: one contiguous window of the newest `timelineLength` ids of the accounts followed when it was built, and of
 * all that was pushed since. It may hold posts that must not be shown; readers apply the rules.
 */
export interface TimelineCache {
  /** Undefined when the timeline is cold. */
  read(accountId: string, page: PageBefore): Promise<TimelineSlice | undefined>;
  /** Whether the timeline is ready. Not a read: it does not count, and does not prolong how long the timeline is kept. */
  isReady(accountId: string): Promise<boolean>;
  /** Adds a post to those timelines that are ready or being rebuilt; cold ones stay cold. Idempotent. How many it reached. */
  push(postId: string, accountIds: readonly string[]): Promise<number>;
  /** From here on, pushes are kept for the rebuild. */
  beginRebuild(accountId: string): Promise<RebuildTicket>;
  /**
   * Makes the timeline ready with these ids (newest first) and what was pushed meanwhile. `complete`: they are all
   * there are. False, and still cold, when it was dropped or rebuilt by another since the ticket.
   */
  completeRebuild(ticket: RebuildTicket, postIds: readonly string[], complete: boolean): Promise<boolean>;
  /**
   * Adds the newest ids of one author, newest first, to a timeline that is ready. `complete`: the author has no older ones;
   * otherwise the window ends at the last of them at the latest. A timeline that is being rebuilt becomes cold, because the
   * rebuild may have missed the author. Idempotent. False when the timeline is cold now.
   */
  merge(accountId: string, postIds: readonly string[], complete: boolean): Promise<boolean>;
  /**
   * Removes ids from a timeline that is ready. A timeline that is being rebuilt becomes cold, and so does one that is not
   * complete and is left with less than half of `timelineLength`. Idempotent. False when the timeline is cold now.
   */
  remove(accountId: string, postIds: readonly string[]): Promise<boolean>;
  /** Makes timelines cold: the next read rebuilds them. */
  drop(accountIds: readonly string[]): Promise<void>;
}
