import type { AccountRecord } from '../accounts/account-store.ts';
import { type CacheName, cacheNames } from '../measures/cache-state.ts';
import type { PostRecord, PostRef } from '../posts/post-store.ts';
import type { ReplyRecord } from '../replies/reply-store.ts';
import type { SessionRecord } from '../sessions/session-store.ts';
import type { TokenRecord } from '../tokens/token-store.ts';
import { type Invalidation, taggedId } from './invalidation.ts';
import type { CacheListener } from './invalidation-bus.ts';
import { LoadingCache } from './loading-cache.ts';
import * as sizes from './sizes.ts';

/** The accounts that an account follows. */
export interface Followees {
  /** Every follow, counted or not. */
  readonly all: ReadonlySet<string>;
  readonly counted: readonly string[];
}

/** The newest posts of an author, newest first. */
export interface NewestPosts {
  readonly refs: readonly PostRef[];
  /** Whether the author has no other posts. */
  readonly all: boolean;
}

/** Whether an account likes each of the subjects that were recently looked up. Grows while it is cached. */
export type LikeMarks = Map<string, boolean>;

/** The account that owns a handle; it never changes. */
export interface HandleOwner {
  readonly accountId: string;
}

/** Frequently read values, cached in each process. The bus reports which ones to invalidate. */
export interface Caches {
  /** Keyed by accountId. */
  readonly accounts: LoadingCache<AccountRecord>;
  /** Keyed by the handle in lower case. */
  readonly handles: LoadingCache<HandleOwner>;
  /** Keyed by postId. */
  readonly posts: LoadingCache<PostRecord>;
  /** Keyed by the author. */
  readonly newestPosts: LoadingCache<NewestPosts>;
  /** Keyed by replyId; tagged with its post. */
  readonly replies: LoadingCache<ReplyRecord>;
  /** Keyed by the hash of the access token; tagged with its id and its account. */
  readonly sessions: LoadingCache<SessionRecord>;
  /** Keyed by the hash of the secret; tagged with its id and its account. */
  readonly tokens: LoadingCache<TokenRecord>;
  /** Keyed by the follower; tagged with everyone in it. */
  readonly followees: LoadingCache<Followees>;
  /** Keyed by the account: the accounts it blocks and those that block it. Tagged with everyone in it. */
  readonly hiddenFrom: LoadingCache<ReadonlySet<string>>;
  /** Keyed by the account; tagged with everyone in it. */
  readonly mutedBy: LoadingCache<ReadonlySet<string>>;
  /** Keyed by the account; tagged with the posts in it. */
  readonly postLikes: LoadingCache<LikeMarks>;
  /** Keyed by the account; tagged with the replies in it. */
  readonly replyLikes: LoadingCache<LikeMarks>;
  /** All popular accounts, under the single key `popularKey`. */
  readonly popularAccounts: LoadingCache<ReadonlySet<string>>;
}

export interface CachesOptions {
  /** The memory that all caches together may take. */
  readonly bytesMax: number;
  /**
   * Whether other processes write too, and the store is reached over a network. Reads of one turn of the event loop are
   * then loaded together, and values whose changes no event reports expire.
   */
  readonly isShared: boolean;
}

export const defaultCacheBytes = 256 * 1024 * 1024;

/**
 * Each cache's share of the memory, in percent. 5,000 readers of home timelines who follow 100 accounts each need some
 * 100 MB: 8 kB each for the accounts they follow, up to 10 kB for their marks of likes, 1 kB for the session, and the
 * posts and accounts that they share.
 */
const percents = {
  followees: 31,
  postLikes: 25,
  posts: 18,
  accounts: 7,
  newestPosts: 4,
  replies: 4,
  sessions: 3,
  replyLikes: 2,
  hiddenFrom: 2,
  mutedBy: 1.5,
  handles: 1,
  tokens: 1,
  popularAccounts: 0.5,
} satisfies Record<CacheName, number>;

// No events exist for these, so the relay cannot make up for a process that died between its write and its
// invalidation. While MongoDB is unavailable nothing can revoke them either, so stale values are served.
const withoutEvents = { keptMs: 60_000, staleMs: 15 * 60_000 };

const isInSet = (id: string, key: string, set: { has(id: string): boolean }) => key === id || set.has(id);
const isOwned = (id: string, { accountId }: { readonly accountId: string }) => accountId === id;

export function createCaches({ bytesMax, isShared }: CachesOptions): Caches {
  const shareOf = (name: CacheName) => ({
    bytesMax: Math.max(1, Math.floor((bytesMax * percents[name]) / 100)),
    gathersLoads: isShared,
  });
  const expiry = isShared ? withoutEvents : {};
  return {
    accounts: new LoadingCache<AccountRecord>({ ...shareOf('accounts'), sizeOf: sizes.accountBytes }),
    handles: new LoadingCache<HandleOwner>({ ...shareOf('handles'), sizeOf: sizes.ownerBytes }),
    posts: new LoadingCache<PostRecord>({
      ...shareOf('posts'),
      sizeOf: sizes.textBytes,
      keepsAbsent: true,
    }),
    newestPosts: new LoadingCache<NewestPosts>({
      ...shareOf('newestPosts'),
      sizeOf: sizes.newestPostsBytes,
    }),
    replies: new LoadingCache<ReplyRecord>({
      ...shareOf('replies'),
      sizeOf: sizes.textBytes,
      keepsAbsent: true,
      hasTag: (id, _key, { postId }) => postId === id,
    }),
    sessions: new LoadingCache<SessionRecord>({
      ...shareOf('sessions'),
      ...expiry,
      sizeOf: sizes.sessionBytes,
      hasTag: (id, _key, session) => session.sessionId === id || isOwned(id, session),
    }),
    tokens: new LoadingCache<TokenRecord>({
      ...shareOf('tokens'),
      ...expiry,
      sizeOf: sizes.tokenBytes,
      hasTag: (id, _key, token) => token.tokenId === id || isOwned(id, token),
    }),
    followees: new LoadingCache<Followees>({
      ...shareOf('followees'),
      sizeOf: sizes.followeesBytes,
      hasTag: (id, key, { all }) => isInSet(id, key, all),
    }),
    hiddenFrom: new LoadingCache<ReadonlySet<string>>({
      ...shareOf('hiddenFrom'),
      sizeOf: sizes.setBytes,
      hasTag: isInSet,
    }),
    mutedBy: new LoadingCache<ReadonlySet<string>>({
      ...shareOf('mutedBy'),
      sizeOf: sizes.setBytes,
      hasTag: isInSet,
    }),
    postLikes: new LoadingCache<LikeMarks>({
      ...shareOf('postLikes'),
      sizeOf: sizes.marksBytes,
      hasTag: isInSet,
    }),
    replyLikes: new LoadingCache<LikeMarks>({
      ...shareOf('replyLikes'),
      sizeOf: sizes.marksBytes,
      hasTag: isInSet,
    }),
    popularAccounts: new LoadingCache<ReadonlySet<string>>({
      ...shareOf('popularAccounts'),
      ...expiry,
      sizeOf: sizes.setBytes,
    }),
  } satisfies Record<CacheName, unknown>;
}

/** The listener to register with the bus. */
export const listenerOf = (caches: Caches): CacheListener => ({
  invalidate(invalidations: readonly Invalidation[]) {
    for (const [name, key] of invalidations) {
      const cache = caches[name];
      const taggedWith = taggedId(key);
      if (key === '*') cache.clear();
      else if (taggedWith !== undefined) cache.invalidateTag(taggedWith);
      else cache.invalidate(key);
    }
  },
  suspend() {
    for (const name of cacheNames) caches[name].suspend();
  },
  resume() {
    for (const name of cacheNames) caches[name].resume();
  },
});
