import type { Collection, IndexDescription } from 'mongodb';
import type { Log } from '../log.ts';
import { type Databases, databaseNames } from './databases.ts';
import { barrierIndexes, indexes } from './indexes.ts';
import { eachAtOnce } from './reads.ts';

/** Indexes that a collection should have and has not. */
export interface MissingIndexes {
  readonly collection: Collection;
  readonly missing: readonly IndexDescription[];
}

type Where = Pick<Databases, 'db' | 'deployments'>;

/** Above it, an index takes long enough to build that no start waits for it. */
const LARGE_DOCUMENTS = 100_000;
const BUILDS_AT_ONCE = 4;

/** By name: an index that is there is never touched. */
export async function findMissingIndexes({ db, deployments }: Where): Promise<readonly MissingIndexes[]> {
  const wanted = [
    ...databaseNames.flatMap((name) =>
      Object.entries(indexes[name]).map(([collection, these]) => ({
        collection: db(name).collection(collection),
        these,
      })),
    ),
    ...deployments.map(({ barriers }) => ({
      collection: barriers as unknown as Collection,
      these: barrierIndexes,
    })),
  ];
  const existing = new Set<string>();
  const databases = new Set(wanted.map(({ collection }) => collection.dbName));
  await Promise.all(
    databaseNames.map(async (name) => {
      const database = db(name);
      if (!databases.has(database.databaseName)) return;
      const found = await database.listCollections({}, { nameOnly: true }).toArray();
      for (const { name: collection } of found) existing.add(`${database.databaseName}.${collection}`);
    }),
  );
  const missing: MissingIndexes[] = [];
  await Promise.all(
    wanted.map(async ({ collection, these }) => {
      const there = existing.has(collection.namespace) ? await collection.indexes() : [];
      const names = new Set(there.map(({ name }) => name));
      const not = these.filter(({ name }) => !names.has(name));
      if (not.length > 0) missing.push({ collection, missing: not });
    }),
  );
  return missing;
}

/**
 * What a start waits for: indexes of collections that are not large, and unique ones, without which two documents could
 * come to have the same value.
 */
export async function neededBeforeServing(
  all: readonly MissingIndexes[],
  largeDocuments = LARGE_DOCUMENTS,
): Promise<readonly MissingIndexes[]> {
  const needed = await Promise.all(
    all.map(async ({ collection, missing }) => {
      const isLarge = (await collection.estimatedDocumentCount()) > largeDocuments;
      return { collection, missing: isLarge ? missing.filter(({ unique }) => unique === true) : missing };
    }),
  );
  return needed.filter(({ missing }) => missing.length > 0);
}

/** May be done by several processes at once. */
export async function buildIndexes(all: readonly MissingIndexes[], log: Log): Promise<void> {
  await eachAtOnce(all, BUILDS_AT_ONCE, async ({ collection, missing }) => {
    const names = missing.map(({ name }) => name);
    const startedMs = performance.now();
    // No deadline: on a large collection it takes hours, and a broken connection may end the build.
    await collection.createIndexes([...missing], { timeoutMS: 0 });
    const seconds = Math.round((performance.now() - startedMs) / 1_000);
    log({
      level: 'info',
      msg: 'indexes were built',
      collection: collection.namespace,
      indexes: names,
      seconds,
    });
  });
}
