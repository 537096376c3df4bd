import type { PageAfter, PageBefore } from '@twite/core/keyset';
import type { MediaSnapshot } from '@twite/core/media/media-record';
import type { NewReply, ReplyRecord, ReplyStore } from '@twite/core/replies/reply-store';
import type { Caches } from './caches.ts';
import { findCached } from './find-cached.ts';
import { invalidateOnError } from './invalidate-on-error.ts';
import { tag } from './invalidation.ts';
import type { InvalidationBus } from './invalidation-bus.ts';

export class CachedReplyStore implements ReplyStore {
  readonly #inner: ReplyStore;
  readonly #caches: Caches;
  readonly #bus: InvalidationBus;
  readonly #readMany = (replyIds: readonly string[]) => this.#inner.findMany(replyIds);

  constructor(inner: ReplyStore, caches: Caches, bus: InvalidationBus) {
    this.#inner = inner;
    this.#caches = caches;
    this.#bus = bus;
  }

  insert(reply: NewReply): Promise<'inserted' | 'exists'> {
    return invalidateOnError(this.#bus, this.#inner.insert(reply), () => [
      ['replies', reply.replyId],
      ['posts', reply.postId],
    ]);
  }

  findMany(replyIds: readonly string[]): Promise<ReadonlyMap<string, ReplyRecord>> {
    return findCached(this.#caches.replies, replyIds, this.#readMany);
  }

  setMedia(replyId: string, media: readonly MediaSnapshot[]): Promise<boolean> {
    return invalidateOnError(this.#bus, this.#inner.setMedia(replyId, media), () => [['replies', replyId]]);
  }

  delete(replyId: string): Promise<boolean> {
    const postId = this.#caches.replies.peek(replyId)?.postId;
    return invalidateOnError(this.#bus, this.#inner.delete(replyId), () => [
      ['replies', replyId],
      ['replyLikes', tag(replyId)],
      ...(postId === undefined ? [] : [['posts', postId] as const]),
    ]);
  }

  listByPost(postId: string, page: PageAfter): Promise<readonly string[]> {
    return this.#inner.listByPost(postId, page);
  }

  listByAuthor(authorId: string, page: PageBefore): Promise<readonly string[]> {
    return this.#inner.listByAuthor(authorId, page);
  }

  /** No cached value says whether a reply counts; posts whose counts change are invalidated when they are recounted. */
  settleAuthor(authorId: string, counted: boolean, limit: number): Promise<number> {
    return this.#inner.settleAuthor(authorId, counted, limit);
  }

  purgeByPost(postId: string, limit: number): Promise<number> {
    return invalidateOnError(this.#bus, this.#inner.purgeByPost(postId, limit), () => [
      ['replies', tag(postId)],
      ['posts', postId],
    ]);
  }
}
