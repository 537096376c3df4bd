import type { LoadingCache } from './loading-cache.ts';

/** Finds records by their ids; uncached ones are loaded together. */
export async function findCached<V extends object>(
  cache: LoadingCache<V>,
  ids: readonly string[],
  read: (ids: readonly string[]) => Promise<ReadonlyMap<string, V>>,
): Promise<ReadonlyMap<string, V>> {
  const found = new Map<string, V>();
  let missing: string[] | undefined;
  for (const id of ids) {
    const value = cache.get(id);
    if (value) found.set(id, value);
    else if (value === undefined) {
      missing ??= [];
      missing.push(id);
    }
  }
  if (missing === undefined) return found;
  const loaded = await cache.loadMany(missing, read);
  for (const id of missing) {
    const value = loaded.get(id);
    if (value !== undefined) found.set(id, value);
  }
  return found;
}
