import type { PageBefore } from '../keyset.ts';

export type LikeKind = 'post' | 'reply';

/** A like of a post or reply by an account. */
export interface Like {
  /** A snowflake: the order and the cursor of the lists of likes. */
  readonly likeId: string;
  readonly accountId: string;
  readonly kind: LikeKind;
  /** The id of the post or reply. */
  readonly subjectId: string;
}

/** Source of truth for likes, at most one per account and subject. Emits postLiked, …; keeps the like counts. */
export interface LikeStore {
  /** Returns false when the account already likes it, or the subject is gone. */
  add(like: Like): Promise<boolean>;
  /** Returns false when there was no like. */
  remove(accountId: string, kind: LikeKind, subjectId: string): Promise<boolean>;
  /** The subjects that the account likes. */
  likedAmong(accountId: string, kind: LikeKind, subjectIds: readonly string[]): Promise<ReadonlySet<string>>;
  /** Counted likes of a post, newest like first. */
  listByPost(postId: string, page: PageBefore): Promise<readonly Like[]>;
  /** Likes of posts by an account, newest like first, whether counted or not. */
  listPostsByAccount(accountId: string, page: PageBefore): Promise<readonly Like[]>;
  /** Likes of posts and replies by an account, newest like first, whether counted or not. */
  listByAccount(accountId: string, page: PageBefore): Promise<readonly Like[]>;
  /**
   * Includes at most `limit` likes of the account in the counts, or excludes them, and returns how many it changed.
   * Idempotent.
   */
  settleAccount(accountId: string, counted: boolean, limit: number): Promise<number>;
  /** Erases at most `limit` likes of the account, and returns how many it erased. */
  purgeByAccount(accountId: string, limit: number): Promise<number>;
  /** Erases at most `limit` likes of a deleted post or reply, and returns how many it erased. */
  purgeBySubject(kind: LikeKind, subjectId: string, limit: number): Promise<number>;
}
