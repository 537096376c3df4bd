import type { PageBefore } from '../keyset.ts';

/** Part of a timeline's window, newest first. */
export interface TimelineSlice {
  readonly postIds: readonly string[];
  /** Whether the window is complete: false when it was cut at its length. */
  readonly complete: boolean;
}

/** Identifies one rebuild. Invalid once the timeline was dropped. */
export interface RebuildTicket {
  readonly accountId: string;
  readonly nonce: string;
}

/**
 * Pushed home timelines: derived, bounded, and safe to lose. A timeline is either cold (unknown) or ready: one
 * contiguous window of the newest `timelineLength` ids of the accounts followed when it was built, and of everything
 * pushed since. It may contain posts that must not be shown; readers apply the rules.
 */
export interface TimelineCache {
  /** Undefined when the timeline is cold. */
  read(accountId: string, page: PageBefore): Promise<TimelineSlice | undefined>;
  /** Whether the timeline is ready. Not a read: it is not counted, and does not extend the life of the timeline. */
  isReady(accountId: string): Promise<boolean>;
  /**
   * Adds a post to the given timelines that are ready or being rebuilt; cold ones stay cold. Idempotent. Returns how
   * many it reached.
   */
  push(postId: string, accountIds: readonly string[]): Promise<number>;
  /** From now on, pushes are kept for the rebuild. */
  beginRebuild(accountId: string): Promise<RebuildTicket>;
  /**
   * Makes the timeline ready with these ids (newest first) and the pushes made meanwhile. `complete`: there are no
   * further ids. Returns false, and the timeline stays cold, when it was dropped or another rebuild completed since the
   * ticket.
   */
  completeRebuild(ticket: RebuildTicket, postIds: readonly string[], complete: boolean): Promise<boolean>;
  /**
   * Adds the newest ids of one author, newest first, to a ready timeline. `complete`: the author has no older ones;
   * otherwise the window ends at the last of them at the latest. A timeline that is being rebuilt becomes cold, because
   * the rebuild may have missed the author. Idempotent. Returns false when the timeline is cold now.
   */
  merge(accountId: string, postIds: readonly string[], complete: boolean): Promise<boolean>;
  /**
   * Removes ids from a ready timeline. A timeline that is being rebuilt becomes cold, and so does an incomplete one
   * that is left with less than half of `timelineLength`. Idempotent. Returns false when the timeline is cold now.
   */
  remove(accountId: string, postIds: readonly string[]): Promise<boolean>;
  /** Makes timelines cold: the next read rebuilds them. */
  drop(accountIds: readonly string[]): Promise<void>;
}
