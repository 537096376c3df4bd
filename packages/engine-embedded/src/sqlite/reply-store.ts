import type { PageAfter, PageBefore } from '@twite/core/keyset';
import type { MediaSnapshot } from '@twite/core/media/media-record';
import type { NewReply, ReplyRecord, ReplyStore } from '@twite/core/replies/reply-store';
import { aboveAllIds, type Store } from './store.ts';
import { parseMedia } from './stored-media.ts';
import { parseEntities } from './text-entities.ts';

type ReplyRow = Omit<ReplyRecord, 'entities' | 'media'> & {
  readonly entities: string;
  readonly media: string | null;
};

export class SqliteReplyStore implements ReplyStore {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  insert(reply: NewReply): Promise<'inserted' | 'exists'> {
    return this.#store.writer.run('insertReply', reply);
  }

  async findMany(replyIds: readonly string[]): Promise<ReadonlyMap<string, ReplyRecord>> {
    const found = new Map<string, ReplyRecord>();
    for (const replyId of replyIds) {
      const reply = this.#find(replyId);
      if (reply !== undefined) found.set(replyId, reply);
    }
    return found;
  }

  setMedia(replyId: string, media: readonly MediaSnapshot[]): Promise<boolean> {
    return this.#store.writer.run('setReplyMedia', { replyId, media });
  }

  delete(replyId: string): Promise<boolean> {
    return this.#store.writer.run('deleteReply', { replyId });
  }

  async listByPost(postId: string, { after = '', limit }: PageAfter): Promise<readonly string[]> {
    return this.#store.read
      .all<{ replyId: string }>(
        `SELECT reply_id AS replyId FROM replies WHERE post_id = ? AND counted = 1 AND reply_id > ?
         ORDER BY reply_id LIMIT ?`,
        postId,
        after,
        limit,
      )
      .map(({ replyId }) => replyId);
  }

  async listByAuthor(
    authorId: string,
    { before = aboveAllIds, limit }: PageBefore,
  ): Promise<readonly string[]> {
    return this.#store.read
      .all<{ replyId: string }>(
        `SELECT reply_id AS replyId FROM replies INDEXED BY replies_by_author
         WHERE author_id = ? AND reply_id < ? ORDER BY reply_id DESC LIMIT ?`,
        authorId,
        before,
        limit,
      )
      .map(({ replyId }) => replyId);
  }

  settleAuthor(authorId: string, counted: boolean, limit: number): Promise<number> {
    return this.#store.writer.run('settleRepliesByAuthor', { authorId, counted, limit });
  }

  purgeByPost(postId: string, limit: number): Promise<number> {
    return this.#store.writer.run('purgeRepliesByPost', { postId, limit });
  }

  #find(replyId: string): ReplyRecord | undefined {
    const row = this.#store.read.get<ReplyRow>(
      `SELECT reply_id AS replyId, post_id AS postId, parent_reply_id AS parentReplyId, author_id AS authorId, text,
         entities, media, created_at AS createdAt, like_count AS likeCount
       FROM replies WHERE reply_id = ?`,
      replyId,
    );
    if (row === undefined) return undefined;
    return Object.freeze({ ...row, entities: parseEntities(row.entities), media: parseMedia(row.media) });
  }
}
