import type { AccountRecord } from '@twite/core/accounts/account-store';
import { type CacheName, cacheNames } from '@twite/core/measures/cache-state';
import type { PostRecord, PostRef } from '@twite/core/posts/post-store';
import type { ReplyRecord } from '@twite/core/replies/reply-store';
import type { SessionRecord } from '@twite/core/sessions/session-store';
import type { TokenRecord } from '@twite/core/tokens/token-store';
import type { Invalidation } from './invalidation.ts';
import type { CacheListener } from './invalidation-bus.ts';
import { LoadingCache } from './loading-cache.ts';

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
  /** Keyed by replyId; about its post. */
  readonly replies: LoadingCache<ReplyRecord>;
  /** Keyed by the hash of the access token; about its id and its account. */
  readonly sessions: LoadingCache<SessionRecord>;
  /** Keyed by the hash of the secret; about its id and its account. */
  readonly tokens: LoadingCache<TokenRecord>;
  /** Keyed by the follower; about everyone in it. */
  readonly followees: LoadingCache<Followees>;
  /** Keyed by the account: the accounts it blocks and those that block it. About everyone in it. */
  readonly hiddenFrom: LoadingCache<ReadonlySet<string>>;
  /** Keyed by the account; about everyone in it. */
  readonly mutedBy: LoadingCache<ReadonlySet<string>>;
  /** Keyed by the account; about the posts in it. */
  readonly postLikes: LoadingCache<LikeMarks>;
  /** Keyed by the account; about the replies in it. */
  readonly replyLikes: LoadingCache<LikeMarks>;
  /** All popular accounts, under the single key `all`. */
  readonly popularAccounts: LoadingCache<ReadonlySet<string>>;
}

export const popularKey = 'all';

// No events exist for these, so the relay cannot make up for a process that died between its write and its
// invalidation. While MongoDB is unavailable nothing can revoke them either, so stale values are served.
const withoutEvents = { keptMs: 60_000, staleMs: 15 * 60_000 };

// One for the set itself, so that the number of empty sets is bounded too.
const setSize = (set: { readonly size: number }) => 1 + set.size;
// Most texts are short; one with many long URLs has up to 10,000 characters. A media snapshot is about as large as
// three such texts.
const textSize = ({ text, media }: { readonly text: string; readonly media: readonly unknown[] }) =>
  1 + Math.floor(text.length / 500) + 3 * media.length;
const isInSet = (id: string, key: string, set: { has(id: string): boolean }) => key === id || set.has(id);
const isOwned = (id: string, { accountId }: { readonly accountId: string }) => accountId === id;

// Sized so that all caches, when full, take about 100 MB; on an idle server they are almost empty.
export function createCaches(): Caches {
  return {
    accounts: new LoadingCache<AccountRecord>({ capacity: 20_000 }),
    handles: new LoadingCache<HandleOwner>({ capacity: 20_000 }),
    posts: new LoadingCache<PostRecord>({ capacity: 20_000, weigh: textSize, keepsAbsent: true }),
    newestPosts: new LoadingCache<NewestPosts>({ capacity: 100_000, weigh: ({ refs }) => 1 + refs.length }),
    replies: new LoadingCache<ReplyRecord>({
      capacity: 10_000,
      weigh: textSize,
      keepsAbsent: true,
      hasTag: (id, _key, { postId }) => postId === id,
    }),
    sessions: new LoadingCache<SessionRecord>({
      ...withoutEvents,
      capacity: 20_000,
      hasTag: (id, _key, session) => session.sessionId === id || isOwned(id, session),
    }),
    tokens: new LoadingCache<TokenRecord>({
      ...withoutEvents,
      capacity: 2_000,
      hasTag: (id, _key, token) => token.tokenId === id || isOwned(id, token),
    }),
    followees: new LoadingCache<Followees>({
      capacity: 300_000,
      weigh: ({ all }) => setSize(all),
      hasTag: (id, key, { all }) => isInSet(id, key, all),
    }),
    hiddenFrom: new LoadingCache<ReadonlySet<string>>({
      capacity: 100_000,
      weigh: setSize,
      hasTag: isInSet,
    }),
    mutedBy: new LoadingCache<ReadonlySet<string>>({ capacity: 100_000, weigh: setSize, hasTag: isInSet }),
    postLikes: new LoadingCache<LikeMarks>({ capacity: 1_000, hasTag: isInSet }),
    replyLikes: new LoadingCache<LikeMarks>({ capacity: 500, hasTag: isInSet }),
    popularAccounts: new LoadingCache<ReadonlySet<string>>({ ...withoutEvents, capacity: 2 }),
  } satisfies Record<CacheName, unknown>;
}

/** The listener to register with the bus. */
export const listenerOf = (caches: Caches): CacheListener => ({
  invalidate(invalidations: readonly Invalidation[]) {
    for (const [name, key] of invalidations) {
      const cache = caches[name];
      if (key === '*') cache.clear();
      else if (key.startsWith('of:')) cache.invalidateTag(key.slice('of:'.length));
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
