import { getHeapStatistics } from 'node:v8';
import { defaultCacheBytes } from '@twite/core/caching/caches';
import type { Config } from './config/load-config.ts';

/** The memory of the caches: as configured, or a part of the heap that leaves enough for everything else. */
export function cacheBytesOf(
  { cacheBytes }: Pick<Config, 'cacheBytes'>,
  heapBytesMax: number = getHeapStatistics().heap_size_limit,
): number {
  return cacheBytes ?? Math.min(defaultCacheBytes, Math.floor(heapBytesMax / 4));
}
