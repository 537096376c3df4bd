/** The caches of each process of the distributed engine. */
export const cacheNames = [
  'accounts',
  'handles',
  'posts',
  'newestPosts',
  'replies',
  'sessions',
  'tokens',
  'followees',
  'hiddenFrom',
  'mutedBy',
  'postLikes',
  'replyLikes',
  'popularAccounts',
] as const;
export type CacheName = (typeof cacheNames)[number];

/** The counters of a cache since the process started. */
export interface CacheState {
  readonly name: string;
  readonly hits: number;
  readonly misses: number;
  /** Null if the entries are not in this process. */
  readonly entries: number | null;
}

/** A cache that counts its look-ups. */
export interface CountedCache {
  readonly hits: number;
  readonly misses: number;
  readonly size: number;
}

export const cacheStateOf = (name: string, { hits, misses, size }: CountedCache): CacheState => ({
  name,
  hits,
  misses,
  entries: size,
});
