import type { TextEntities } from '@twite/contract';
import type { PageAfter, PageBefore } from '../keyset.ts';
import type { MediaSnapshot } from '../media/media-record.ts';

/** A reply as it is stored. Frozen. */
export interface ReplyRecord {
  readonly replyId: string;
  readonly postId: string;
  readonly parentReplyId: string | null;
  readonly authorId: string;
  readonly text: string;
  readonly entities: TextEntities;
  /** In the order that the author gave; at most four. */
  readonly media: readonly MediaSnapshot[];
  /** Milliseconds. */
  readonly createdAt: number;
  /** Likes by active accounts. */
  readonly likeCount: number;
}

export type NewReply = Omit<ReplyRecord, 'likeCount'>;

/** Source of truth for replies. Emits replyCreated, replyDeleted; keeps the reply counts of posts. */
export interface ReplyStore {
  /** `exists`: this replyId is there or was deleted (a retry); nothing is changed. */
  insert(reply: NewReply): Promise<'inserted' | 'exists'>;
  /** Without deleted ones. */
  findMany(replyIds: readonly string[]): Promise<ReadonlyMap<string, ReplyRecord>>;
  /** Replaces the snapshots of its media, or drops some; false when the reply is not there or lacks one of them. No event. */
  setMedia(replyId: string, media: readonly MediaSnapshot[]): Promise<boolean>;
  /** False when it is not there. Its likes go with it. */
  delete(replyId: string): Promise<boolean>;
  /** Ids by active authors, oldest first. */
  listByPost(postId: string, page: PageAfter): Promise<readonly string[]>;
  /** Ids, newest first, whatever the author's status. */
  listByAuthor(authorId: string, page: PageBefore): Promise<readonly string[]>;
  /** Makes at most `limit` replies of the author count or not count; how many it changed. Idempotent. */
  settleAuthor(authorId: string, counted: boolean, limit: number): Promise<number>;
  /** Erases at most `limit` replies of a deleted post; how many it erased. */
  purgeByPost(postId: string, limit: number): Promise<number>;
}
