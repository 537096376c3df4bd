import { type CacheName, cacheNames } from '../measures/cache-state.ts';

/**
 * A cached value that a write may have changed; key `*` for the whole cache, `tag(id)` for all values with the tag. The
 * distributed engine sends them between processes of different releases: keep the form of the keys.
 */
export type Invalidation = readonly [cache: CacheName, key: string];

const prefix = 'of:';

/** Stands for every value of a cache that is tagged with the id, such as the sessions of an account (see caches.ts). */
export const tag = (id: string): string => `${prefix}${id}`;

/** The id of a key that `tag` made. */
export const taggedId = (key: string): string | undefined =>
  key.startsWith(prefix) ? key.slice(prefix.length) : undefined;

/** The only key of the cache `popularAccounts`. */
export const popularKey = 'all';

export const everything: readonly Invalidation[] = cacheNames.map((name) => [name, '*']);
