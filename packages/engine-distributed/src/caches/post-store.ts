import type { PageBefore } from '@twite/core/keyset';
import type { MediaSnapshot } from '@twite/core/media/media-record';
import type { NewPost, PostRecord, PostRef, PostStore } from '@twite/core/posts/post-store';
import { Unavailable } from '@twite/core/unavailable';
import { isRedisUnavailable } from '../redis/connection.ts';
import type { PostCacheRead, RedisPostCache } from '../redis/post-cache.ts';
import type { Caches, NewestPosts } from './caches.ts';
import { findCached } from './find-cached.ts';
import { invalidateOnError } from './invalidate-on-error.ts';
import type { InvalidationBus } from './invalidation-bus.ts';
import { mergeNewestPosts } from './newest-posts.ts';

// The maximum number of authors in one request for which the cache is worth filling: a rebuild of a timeline asks about
// hundreds, once.
const FEW_AUTHORS = 50;
const NEWEST_CACHED = 40;
// A longer page is for a timeline rebuild: a post missing here would be missing from the timeline for good.
const PAGE_MAX = 100;

/** Reads posts from this process, then from the shared cache, then from the store. */
export class CachedPostStore implements PostStore {
  readonly #inner: PostStore;
  readonly #shared: Pick<RedisPostCache, 'read'>;
  readonly #caches: Caches;
  readonly #bus: InvalidationBus;
  readonly #readMany = (postIds: readonly string[]) => this.#readShared(postIds);

  constructor(inner: PostStore, shared: Pick<RedisPostCache, 'read'>, caches: Caches, bus: InvalidationBus) {
    this.#inner = inner;
    this.#shared = shared;
    this.#caches = caches;
    this.#bus = bus;
  }

  insert(post: NewPost): Promise<'inserted' | 'exists'> {
    return invalidateOnError(this.#bus, this.#inner.insert(post), () => [
      ['posts', post.postId],
      ['newestPosts', post.authorId],
      ['accounts', post.authorId],
    ]);
  }

  findMany(postIds: readonly string[]): Promise<ReadonlyMap<string, PostRecord>> {
    return findCached(this.#caches.posts, postIds, this.#readMany);
  }

  setMedia(postId: string, media: readonly MediaSnapshot[]): Promise<boolean> {
    return invalidateOnError(this.#bus, this.#inner.setMedia(postId, media), () => [['posts', postId]]);
  }

  delete(postId: string): Promise<boolean> {
    const authorId = this.#caches.posts.peek(postId)?.authorId ?? '*';
    return invalidateOnError(this.#bus, this.#inner.delete(postId), () => [
      ['posts', postId],
      ['newestPosts', authorId],
      ['accounts', authorId],
    ]);
  }

  listByAuthor(
    authorId: string,
    page: PageBefore & { readonly visibility: 'public' | 'all' },
  ): Promise<readonly string[]> {
    return this.#inner.listByAuthor(authorId, page);
  }

  listPublic(page: PageBefore): Promise<readonly PostRef[]> {
    return this.#inner.listPublic(page);
  }

  /**
   * The popular authors that a reader follows are merged into every read of a timeline: their newest posts stay cached.
   */
  async listByAuthors(authorIds: readonly string[], page: PageBefore): Promise<readonly PostRef[]> {
    if (page.limit <= 0 || authorIds.length === 0) return [];
    if (authorIds.length > FEW_AUTHORS || page.limit > PAGE_MAX) {
      return this.#inner.listByAuthors(authorIds, page);
    }
    const { newestPosts } = this.#caches;
    const known: NewestPosts[] = [];
    let loads: Promise<NewestPosts | undefined>[] | undefined;
    for (const authorId of new Set(authorIds)) {
      const newest = newestPosts.get(authorId);
      if (newest) known.push(newest);
      else {
        loads ??= [];
        loads.push(newestPosts.load(authorId, () => this.#readNewest(authorId)));
      }
    }
    if (loads !== undefined) for (const newest of await Promise.all(loads)) known.push(newest as NewestPosts);
    return mergeNewestPosts(known, page) ?? this.#inner.listByAuthors(authorIds, page);
  }

  async #readNewest(authorId: string): Promise<NewestPosts> {
    const postIds = await this.#inner.listByAuthor(authorId, { limit: NEWEST_CACHED, visibility: 'all' });
    return { refs: postIds.map((postId) => ({ postId, authorId })), all: postIds.length < NEWEST_CACHED };
  }

  async #readShared(postIds: readonly string[]): Promise<ReadonlyMap<string, PostRecord>> {
    const cached = await this.#askShared(postIds);
    if (cached === undefined) return this.#inner.findMany(postIds);
    const missing = postIds.filter((postId) => !cached.found.has(postId));
    const posts = new Map<string, PostRecord>();
    for (const [postId, post] of cached.found) if (post !== null) posts.set(postId, post);
    if (missing.length === 0) return posts;
    const read = await this.#inner.findMany(missing);
    // Not awaited: this reader does not need the shared cache to be filled.
    cached.fill(missing, read).catch(() => {});
    for (const [postId, post] of read) posts.set(postId, post);
    return posts;
  }

  async #askShared(postIds: readonly string[]): Promise<PostCacheRead | undefined> {
    try {
      return await this.#shared.read(postIds);
    } catch (error) {
      if (error instanceof Unavailable || isRedisUnavailable(error)) return undefined;
      throw error;
    }
  }
}
