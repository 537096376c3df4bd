import type { Engine } from '../engine.ts';
import { cachedAccountStore } from './cached-account-store.ts';
import { cachedBlockList } from './cached-block-list.ts';
import { cachedFollowGraph } from './cached-follow-graph.ts';
import { cachedLikeStore } from './cached-like-store.ts';
import { cachedMuteList } from './cached-mute-list.ts';
import { cachedPostStore } from './cached-post-store.ts';
import { cachedReplyStore } from './cached-reply-store.ts';
import { cachedSessionStore } from './cached-session-store.ts';
import { cachedTokenStore } from './cached-token-store.ts';
import type { Caches } from './caches.ts';
import type { InvalidationBus } from './invalidation-bus.ts';
import type { SourceAccountStore, SourceFollowGraph } from './source-ports.ts';

export type CachedStores = Pick<
  Engine,
  'accounts' | 'sessions' | 'tokens' | 'posts' | 'replies' | 'likes' | 'follows' | 'blocks' | 'mutes'
>;

/** The stores of an engine, behind its caches. */
export interface SourceStores extends Omit<CachedStores, 'accounts' | 'follows'> {
  readonly accounts: SourceAccountStore;
  readonly follows: SourceFollowGraph;
}

/** Puts caches before the stores of an engine. Register `listenerOf(caches)` with the bus, which resumes them. */
export const cachedStores = (source: SourceStores, caches: Caches, bus: InvalidationBus): CachedStores => ({
  accounts: cachedAccountStore(source.accounts, caches, bus),
  sessions: cachedSessionStore(source.sessions, caches, bus),
  tokens: cachedTokenStore(source.tokens, caches, bus),
  posts: cachedPostStore(source.posts, caches, bus),
  replies: cachedReplyStore(source.replies, caches, bus),
  likes: cachedLikeStore(source.likes, caches, bus),
  follows: cachedFollowGraph(source.follows, source.accounts, caches, bus),
  blocks: cachedBlockList(source.blocks, caches, bus),
  mutes: cachedMuteList(source.mutes, caches, bus),
});
