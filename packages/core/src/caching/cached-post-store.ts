import type { PostRef, PostStore } from '../posts/post-store.ts';
import { cachedPort } from './cached-port.ts';
import type { Caches, NewestPosts } from './caches.ts';
import type { InvalidationBus } from './invalidation-bus.ts';
import { mergeNewestPosts } from './newest-posts.ts';

// The maximum number of authors in one request for which the cache is worth filling: a rebuild of a timeline asks about
// hundreds, once.
const FEW_AUTHORS = 50;
const NEWEST_CACHED = 40;
// A longer page is for a timeline rebuild: a post missing here would be missing from the timeline for good.
const PAGE_MAX = 100;

export function cachedPostStore(
  source: PostStore,
  { posts, newestPosts }: Pick<Caches, 'posts' | 'newestPosts'>,
  bus: InvalidationBus,
): PostStore {
  const readMany = (postIds: readonly string[]) => source.findMany(postIds);
  const readNewest = async (authorId: string): Promise<NewestPosts> => {
    const postIds = await source.listByAuthor(authorId, { limit: NEWEST_CACHED, visibility: 'all' });
    return { refs: postIds.map((postId) => ({ postId, authorId })), all: postIds.length < NEWEST_CACHED };
  };

  return cachedPort(source, bus, {
    reads: {
      findMany: (postIds) => posts.findMany(postIds, readMany),
      /**
       * The popular authors that a reader follows are merged into every read of a timeline: their newest posts stay
       * cached.
       */
      async listByAuthors(authorIds, page): Promise<readonly PostRef[]> {
        if (page.limit <= 0 || authorIds.length === 0) return [];
        if (authorIds.length > FEW_AUTHORS || page.limit > PAGE_MAX) {
          return source.listByAuthors(authorIds, page);
        }
        const known: NewestPosts[] = [];
        let loads: Promise<NewestPosts>[] | undefined;
        for (const authorId of new Set(authorIds)) {
          const newest = newestPosts.get(authorId);
          if (newest) known.push(newest);
          else {
            loads ??= [];
            loads.push(newestPosts.load(authorId, readNewest));
          }
        }
        if (loads !== undefined) known.push(...(await Promise.all(loads)));
        return mergeNewestPosts(known, page) ?? source.listByAuthors(authorIds, page);
      },
    },
    writes: {
      insert: ({ postId, authorId }) => [
        ['posts', postId],
        ['newestPosts', authorId],
        ['accounts', authorId],
      ],
      setMedia: (postId) => [['posts', postId]],
      delete: (postId) => {
        const authorId = posts.peek(postId)?.authorId ?? '*';
        return [
          ['posts', postId],
          ['newestPosts', authorId],
          ['accounts', authorId],
        ];
      },
    },
  });
}
