import type { PageBefore } from '../keyset.ts';

export type LikeKind = 'post' | 'reply';

/** One like: an account's mark on a post or reply. */
export interface Like {
  /** A snowflake: the order and the cursor of the lists of likes. */
  readonly likeId: string;
  readonly accountId: string;
  readonly kind: LikeKind;
  /** The post's or reply's id. */
  readonly subjectId: string;
}

/** Source of truth for likes, at most one for each account and subject. Emits postLiked, …; keeps the like counts. */
export interface LikeStore {
  /** False when the account likes it already, or the subject is gone. */
  add(like: Like): Promise<boolean>;
  /** False when there was none. */
  remove(accountId: string, kind: LikeKind, subjectId: string): Promise<boolean>;
  /** Those of the subjects that the account likes. */
  likedAmong(accountId: string, kind: LikeKind, subjectIds: readonly string[]): Promise<ReadonlySet<string>>;
  /** Counted likes of a post, newest like first. */
  listByPost(postId: string, page: PageBefore): Promise<readonly Like[]>;
  /** Likes of posts by an account, newest like first, whether counted or not. */
  listPostsByAccount(accountId: string, page: PageBefore): Promise<readonly Like[]>;
  /** Likes of posts and replies by an account, newest like first, whether counted or not. */
  listByAccount(accountId: string, page: PageBefore): Promise<readonly Like[]>;
  /** Makes at most `limit` likes of the account count or not count; how many it changed. Idempotent. */
  settleAccount(accountId: string, counted: boolean, limit: number): Promise<number>;
  /** Erases at most `limit` likes of the account; how many it erased. */
  purgeByAccount(accountId: string, limit: number): Promise<number>;
  /** Erases at most `limit` likes of a deleted post or reply; how many it erased. */
  purgeBySubject(kind: LikeKind, subjectId: string, limit: number): Promise<number>;
}
