/** What reads need again and again, kept in each process. */
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

/** A cached value that a write may have changed; `*` for all of that cache. */
export type Touch = readonly [cache: CacheName, key: string];
