import { type CacheName, cacheNames } from '@twite/core/measures/cache-state';

/** A cached value that a write may have changed; `*` for the whole cache, `of:<id>` for all values about the id. */
export type Touch = readonly [cache: CacheName, key: string];

/** Stands for every value of a cache that is about the id, such as the sessions of an account (see caches.ts). */
export const of = (id: string): string => `of:${id}`;

export const everything: readonly Touch[] = cacheNames.map((name) => [name, '*']);
