import type { AccountRecord } from '@twite/core/accounts/account-store';
import { BoundedCache } from '@twite/core/bounded-cache';
import type { PostRecord } from '@twite/core/posts/post-store';
import type { ReplyRecord } from '@twite/core/replies/reply-store';
import type { SessionRecord } from '@twite/core/sessions/session-store';
import type { TokenRecord } from '@twite/core/tokens/token-store';

/** The accounts that an account follows. */
export interface Followees {
  /** Every follow, counted or not. */
  readonly all: ReadonlySet<string>;
  readonly counted: readonly string[];
  readonly popular: readonly string[];
}

/** The newest posts of an author, newest first. */
export interface NewestPosts {
  readonly postIds: readonly string[];
  /** Whether the author has no older posts. */
  readonly all: boolean;
}

/** Whether an account likes each of the recently requested subjects. Grows while it is cached. */
export type LikeMarks = Map<string, boolean>;

/**
 * Frequently read values, cached on the main thread. One process writes, and every write reports what it invalidates before
 * its promise resolves, so the caches are coherent. A write of another process clears them all.
 */
export interface Caches {
  /** By accountId. */
  readonly accounts: BoundedCache<AccountRecord>;
  /** By postId. */
  readonly posts: BoundedCache<PostRecord>;
  /** By author. */
  readonly newestPosts: BoundedCache<NewestPosts>;
  /** By replyId. */
  readonly replies: BoundedCache<ReplyRecord>;
  /** By the hash of the access token. */
  readonly sessions: BoundedCache<SessionRecord>;
  /** By the hash of the secret. */
  readonly tokens: BoundedCache<TokenRecord>;
  /** By follower. */
  readonly followees: BoundedCache<Followees>;
  /** By account: the accounts that it blocks or that block it. */
  readonly hiddenFrom: BoundedCache<ReadonlySet<string>>;
  /** By account. */
  readonly mutedBy: BoundedCache<ReadonlySet<string>>;
  /** By account. */
  readonly postLikes: BoundedCache<LikeMarks>;
  /** By account. */
  readonly replyLikes: BoundedCache<LikeMarks>;
}

export type CacheName = keyof Caches;

/** A cached value that a write may have changed; `*` for all values of the cache. */
export type Invalidation = readonly [cache: CacheName, key: string];

// Sized so that all caches together take about 100 MB when full; those of an idle server are nearly empty.
export function createCaches(): Caches {
  // One for the set itself, so that empty sets are bounded too.
  const setSize = (set: ReadonlySet<string>) => 1 + set.size;
  // Most texts are short; one with many long URLs has up to 10,000 characters. A media snapshot has about 1,000.
  const textSize = ({ text, media }: { readonly text: string; readonly media: readonly unknown[] }) =>
    1 + Math.floor(text.length / 500) + 2 * media.length;
  const accountSize = ({ avatar, banner }: AccountRecord) => 1 + (avatar ? 1 : 0) + (banner ? 2 : 0);
  return {
    accounts: new BoundedCache(20_000, accountSize),
    posts: new BoundedCache<PostRecord>(20_000, textSize),
    newestPosts: new BoundedCache(100_000, ({ postIds }) => 1 + postIds.length),
    replies: new BoundedCache<ReplyRecord>(10_000, textSize),
    sessions: new BoundedCache(20_000),
    tokens: new BoundedCache(2_000),
    followees: new BoundedCache(300_000, ({ all }) => setSize(all)),
    hiddenFrom: new BoundedCache(100_000, setSize),
    mutedBy: new BoundedCache(100_000, setSize),
    postLikes: new BoundedCache(1_000),
    replyLikes: new BoundedCache(500),
  };
}

export function invalidate(caches: Caches, invalidations: readonly Invalidation[]): void {
  for (const [cache, key] of invalidations) {
    if (key === '*') caches[cache].clear();
    else caches[cache].delete(key);
  }
}

export function invalidateAll(caches: Caches): void {
  for (const cache of Object.values(caches)) cache.clear();
}
