import type { TextEntities } from '@twite/contract';
import type { PageAfter, PageBefore } from '../keyset.ts';
import type { MediaSnapshot } from '../media/media-record.ts';

/** A stored reply. Frozen. */
export interface ReplyRecord {
  readonly replyId: string;
  readonly postId: string;
  readonly parentReplyId: string | null;
  readonly authorId: string;
  readonly text: string;
  readonly entities: TextEntities;
  /** In the author's order; at most four. */
  readonly media: readonly MediaSnapshot[];
  /** Milliseconds. */
  readonly createdAt: number;
  /** The number of likes by active accounts. */
  readonly likeCount: number;
}

export type NewReply = Omit<ReplyRecord, 'likeCount'>;

/** Source of truth for replies. Emits replyCreated, replyDeleted; keeps the reply counts of posts. */
export interface ReplyStore {
  /** `exists`: the replyId exists or was deleted (a retry); nothing is changed. */
  insert(reply: NewReply): Promise<'inserted' | 'exists'>;
  /** Omits deleted replies. */
  findMany(replyIds: readonly string[]): Promise<ReadonlyMap<string, ReplyRecord>>;
  /**
   * Replaces the snapshots of its media, or drops some. Returns false if the reply does not exist or lacks one of them.
   * Emits no event.
   */
  setMedia(replyId: string, media: readonly MediaSnapshot[]): Promise<boolean>;
  /** Returns false if it does not exist. Erases its likes too. */
  delete(replyId: string): Promise<boolean>;
  /** Ids of replies by active authors, oldest first. */
  listByPost(postId: string, page: PageAfter): Promise<readonly string[]>;
  /** Ids, newest first, whatever the author's status. */
  listByAuthor(authorId: string, page: PageBefore): Promise<readonly string[]>;
  /**
   * Includes at most `limit` replies of the author in the counts, or excludes them, and returns how many it changed.
   * Idempotent.
   */
  settleAuthor(authorId: string, counted: boolean, limit: number): Promise<number>;
  /** Erases at most `limit` replies of a deleted post, and returns how many it erased. */
  purgeByPost(postId: string, limit: number): Promise<number>;
}
