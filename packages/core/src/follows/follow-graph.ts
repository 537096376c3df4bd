import type { AccountEdge, PageAfter, PageBefore } from '../keyset.ts';

export interface Follow {
  /** A snowflake: the order and the cursor of the lists of follows. */
  readonly followId: string;
  readonly followerId: string;
  readonly followeeId: string;
}

/** A page of followees. `inactive` includes suspended ones. */
export interface FollowingPage extends PageBefore {
  readonly inactive?: boolean;
}

/** One step through the follows of an account. Starts at the beginning without a cursor. */
export interface SettleStep {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

export interface SettledFollows {
  /** The number of follows that the step changed. */
  readonly changed: number;
  /** Null after the last step. */
  readonly nextCursor: string | null;
}

/**
 * Source of truth for who follows whom. Emits accountFollowed, accountUnfollowed; keeps follower and following counts.
 */
export interface FollowGraph {
  /** Returns false if the account is already followed. */
  follow(follow: Follow): Promise<boolean>;
  /** Returns false if the account was not followed. */
  unfollow(followerId: string, followeeId: string): Promise<boolean>;
  /** The candidates that the follower follows. */
  followeesAmong(followerId: string, candidateIds: readonly string[]): Promise<ReadonlySet<string>>;
  /** The candidates that follow the followee. */
  followersAmong(followeeId: string, candidateIds: readonly string[]): Promise<ReadonlySet<string>>;
  /** Active followers, newest follow first. */
  listFollowers(accountId: string, page: PageBefore): Promise<readonly AccountEdge[]>;
  /** Active followees, or all with `inactive`, newest follow first. */
  listFollowing(accountId: string, page: FollowingPage): Promise<readonly AccountEdge[]>;
  /** Active followers, oldest follow first: iteration is stable while new followers arrive. */
  walkFollowers(accountId: string, page: PageAfter): Promise<readonly AccountEdge[]>;
  /** All active followees. */
  listFolloweeIds(accountId: string): Promise<readonly string[]>;
  /** All active followees that are marked popular. */
  listPopularFolloweeIds(accountId: string): Promise<readonly string[]>;
  /**
   * Includes the follows from and to the account in the counts, or excludes them. Each step reads at most `limit`
   * follows from the cursor of the previous step; together the steps read every follow once. A follow whose other
   * account is not active does not count. Idempotent.
   */
  settleAccount(accountId: string, counted: boolean, step: SettleStep): Promise<SettledFollows>;
  /** Erases at most `limit` follows from and to the account, and returns how many it erased. */
  purgeByAccount(accountId: string, limit: number): Promise<number>;
}
