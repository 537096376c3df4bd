import { type CacheName, cacheNames } from '@twite/core/measures/cache-state';

/** A cached value that a write may have changed; `*` for the whole cache, `of:<id>` for all values about the id. */
export type Invalidation = readonly [cache: CacheName, key: string];

/** Stands for every value of a cache that is about the id, such as the sessions of an account (see caches.ts). */
export const tag = (id: string): string => `of:${id}`;

export const everything: readonly Invalidation[] = cacheNames.map((name) => [name, '*']);
