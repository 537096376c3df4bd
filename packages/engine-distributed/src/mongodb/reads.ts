import { mongoDeadlineMs } from './databases.ts';

/** The options of every read. */
export const bounded = Object.freeze({ maxTimeMS: mongoDeadlineMs });

/** A key above all ids, which have 19 digits. */
export const aboveAllIds = '~';

export const emptySet: ReadonlySet<string> = Object.freeze(new Set<string>());

/** The number of values that fit in one `$in`. */
export const inMax = 1_000;

export function chunksOf<T>(items: readonly T[], size: number): T[][] {
  const chunks: T[][] = [];
  for (let start = 0; start < items.length; start += size) chunks.push(items.slice(start, start + size));
  return chunks;
}

/** Looks up many keys, each once, some thousand at a time. */
export async function findInChunks<T>(
  keys: Iterable<string>,
  find: (some: string[]) => Promise<T[]>,
): Promise<T[]> {
  const [first, ...others] = chunksOf([...new Set(keys)], inMax);
  if (first === undefined) return [];
  const found = await find(first);
  for (const some of others) found.push(...(await find(some)));
  return found;
}

/** Batches of one kind of read that run at once: more would only wait for each other. */
export const readsAtOnce = 4;
