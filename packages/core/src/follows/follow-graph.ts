import type { AccountEdge, PageAfter, PageBefore } from '../keyset.ts';

export interface Follow {
  /** A snowflake: the order and the cursor of the lists of follows. */
  readonly followId: string;
  readonly followerId: string;
  readonly followeeId: string;
}

/** A page of followees: `inactive` adds those that are suspended. */
export interface FollowingPage extends PageBefore {
  readonly inactive?: boolean;
}

/** One step through the follows of an account. Without a cursor, the first. */
export interface SettleStep {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

export interface SettledFollows {
  /** How many follows the step changed. */
  readonly changed: number;
  /** Null after the last step. */
  readonly nextCursor: string | null;
}

/** Source of truth for who follows whom. Emits accountFollowed, accountUnfollowed; keeps follower and following counts. */
export interface FollowGraph {
  /** False when it is followed already. */
  follow(follow: Follow): Promise<boolean>;
  /** False when it was not followed. */
  unfollow(followerId: string, followeeId: string): Promise<boolean>;
  /** Those of the candidates that the follower follows. */
  followeesAmong(followerId: string, candidateIds: readonly string[]): Promise<ReadonlySet<string>>;
  /** Those of the candidates that follow the followee. */
  followersAmong(followeeId: string, candidateIds: readonly string[]): Promise<ReadonlySet<string>>;
  /** Active followers, newest follow first. */
  listFollowers(accountId: string, page: PageBefore): Promise<readonly AccountEdge[]>;
  /** Active followees, or with `inactive` all of them, newest follow first. */
  listFollowing(accountId: string, page: FollowingPage): Promise<readonly AccountEdge[]>;
  /** Active followers, oldest follow first: stable to walk while new ones come. */
  walkFollowers(accountId: string, page: PageAfter): Promise<readonly AccountEdge[]>;
  /** Every active followee. */
  listFolloweeIds(accountId: string): Promise<readonly string[]>;
  /** Every active followee that is marked popular. */
  listPopularFolloweeIds(accountId: string): Promise<readonly string[]>;
  /**
   * Makes the follows from and to the account count, or not count. Each step reads at most `limit` follows, from the cursor
   * of the step before; together they read every follow once. A follow whose other account is not active does not count.
   * Idempotent.
   */
  settleAccount(accountId: string, counted: boolean, step: SettleStep): Promise<SettledFollows>;
  /** Erases at most `limit` follows from and to the account; how many it erased. */
  purgeByAccount(accountId: string, limit: number): Promise<number>;
}
