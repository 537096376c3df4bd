import { delegate } from '@twite/core/caching/delegate';
import type { PostRecord, PostStore } from '@twite/core/posts/post-store';
import { Unavailable } from '@twite/core/unavailable';
import { isRedisUnavailable } from './connection.ts';
import type { PostCacheRead, RedisPostCache } from './post-cache.ts';

/** Reads posts from the cache that processes share, then from the store. */
export function sharedPostStore(source: PostStore, shared: Pick<RedisPostCache, 'read'>): PostStore {
  const readShared = async (postIds: readonly string[]): Promise<PostCacheRead | undefined> => {
    try {
      return await shared.read(postIds);
    } catch (error) {
      if (error instanceof Unavailable || isRedisUnavailable(error)) return undefined;
      throw error;
    }
  };
  return delegate(source, {
    async findMany(postIds) {
      const cached = await readShared(postIds);
      if (cached === undefined) return source.findMany(postIds);
      const missing = postIds.filter((postId) => !cached.found.has(postId));
      const posts = new Map<string, PostRecord>();
      for (const [postId, post] of cached.found) if (post !== null) posts.set(postId, post);
      if (missing.length === 0) return posts;
      const read = await source.findMany(missing);
      // Not awaited: this reader does not need the shared cache to be filled.
      cached.fill(missing, read).catch(() => {});
      for (const [postId, post] of read) posts.set(postId, post);
      return posts;
    },
  });
}
