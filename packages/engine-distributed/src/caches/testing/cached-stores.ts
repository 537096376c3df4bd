import type { PostStore } from '@twite/core/posts/post-store';
import type { RedisPostCache } from '../../redis/post-cache.ts';
import { CachedAccountStore } from '../account-store.ts';
import { CachedBlockList } from '../block-list.ts';
import { createCaches, listenerOf } from '../caches.ts';
import { CachedFollowGraph } from '../follow-graph.ts';
import type { InvalidationBus } from '../invalidation-bus.ts';
import { CachedLikeStore } from '../like-store.ts';
import { CachedMuteList } from '../mute-list.ts';
import { CachedPostStore } from '../post-store.ts';
import { CachedReplyStore } from '../reply-store.ts';
import { CachedSessionStore } from '../session-store.ts';
import { CachedTokenStore } from '../token-store.ts';
import type { InnerStores } from './naive-stores.ts';

const nothingShared: Pick<RedisPostCache, 'read'> = {
  read: async () => ({ found: new Map(), fill: async () => {} }),
};

/** All stores of one process behind its caches. */
export function createCachedStores(
  inner: InnerStores,
  bus: InvalidationBus,
  shared: Pick<RedisPostCache, 'read'> = nothingShared,
) {
  const caches = createCaches();
  bus.listen(listenerOf(caches));
  return {
    caches,
    accounts: new CachedAccountStore(inner.accounts, caches, bus),
    sessions: new CachedSessionStore(inner.sessions, caches, bus),
    tokens: new CachedTokenStore(inner.tokens, caches, bus),
    posts: new CachedPostStore(inner.posts, shared, caches, bus) as PostStore,
    replies: new CachedReplyStore(inner.replies, caches, bus),
    likes: new CachedLikeStore(inner.likes, caches, bus),
    follows: new CachedFollowGraph(inner.follows, inner.accounts, caches, bus),
    blocks: new CachedBlockList(inner.blocks, caches, bus),
    mutes: new CachedMuteList(inner.mutes, caches, bus),
  };
}
export type CachedStores = ReturnType<typeof createCachedStores>;
