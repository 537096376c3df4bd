import type { Collection, IndexDescription, MongoClient } from 'mongodb';
import pMap from 'p-map';
import type { Log } from '../log.ts';
import { type DatabaseName, type Databases, databaseNames } from './databases.ts';
import { barrierIndexes, indexes } from './indexes.ts';

/** The missing indexes of a collection. */
export interface MissingIndexes {
  /** The client of the deployment that holds the collection. */
  readonly client: MongoClient;
  readonly collection: Collection;
  readonly missing: readonly IndexDescription[];
}

type Where = Pick<Databases, 'db' | 'deployments'>;

/** Above this size, an index build takes too long for a start to wait for it. */
const LARGE_DOCUMENTS = 100_000;
const BUILDS_AT_ONCE = 4;

/** Compared by name: an existing index is never changed. */
export async function findMissingIndexes({ db, deployments }: Where): Promise<readonly MissingIndexes[]> {
  const clientOf = (name: DatabaseName) =>
    deployments.find(({ databases }) => databases.includes(name))?.client as MongoClient;
  const wanted = [
    ...databaseNames.flatMap((name) =>
      Object.entries(indexes[name]).map(([collection, these]) => ({
        client: clientOf(name),
        collection: db(name).collection(collection),
        these,
      })),
    ),
    ...deployments.map(({ client, barriers }) => ({
      client,
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
    wanted.map(async ({ client, collection, these }) => {
      const there = existing.has(collection.namespace) ? await collection.indexes() : [];
      const names = new Set(there.map(({ name }) => name));
      const not = these.filter(({ name }) => !names.has(name));
      if (not.length > 0) missing.push({ client, collection, missing: not });
    }),
  );
  return missing;
}

/**
 * The indexes that a start waits for: those of collections that are not large, and unique ones, without which two
 * documents could get the same value.
 */
export async function neededBeforeServing(
  all: readonly MissingIndexes[],
  largeDocuments = LARGE_DOCUMENTS,
): Promise<readonly MissingIndexes[]> {
  const needed = await Promise.all(
    all.map(async ({ client, collection, missing }) => {
      const isLarge = (await collection.estimatedDocumentCount()) > largeDocuments;
      return {
        client,
        collection,
        missing: isLarge ? missing.filter(({ unique }) => unique === true) : missing,
      };
    }),
  );
  return needed.filter(({ missing }) => missing.length > 0);
}

/**
 * Several processes may run it at once. Resolves early when the signal is aborted; an index that is being built may
 * then be built again by the next process.
 */
export async function buildIndexes(
  { deployments }: Pick<Databases, 'deployments'>,
  all: readonly MissingIndexes[],
  { log, signal }: { readonly log: Log; readonly signal: AbortSignal },
): Promise<void> {
  if (all.length === 0 || signal.aborted) return;
  await using clients = new AsyncDisposableStack();
  const patient = new Map(
    deployments.map(({ client, openPatientClient }) => [
      client,
      // On a large collection a build takes hours, and MongoDB may abort it when its connection closes.
      clients.adopt(openPatientClient(), (opened) => opened.close(true)),
    ]),
  );
  const aborted = Promise.withResolvers<void>();
  signal.addEventListener('abort', () => aborted.resolve(), { once: true });
  const built = pMap(
    all,
    async ({ client, collection, missing }) => {
      const { dbName, collectionName, namespace } = collection;
      const startedMs = performance.now();
      const own = (patient.get(client) ?? client).db(dbName).collection(collectionName);
      await own.createIndexes([...missing]);
      const seconds = Math.round((performance.now() - startedMs) / 1_000);
      const indexes = missing.map(({ name }) => name);
      log({ level: 'info', msg: 'indexes built', collection: namespace, indexes, seconds });
    },
    { concurrency: BUILDS_AT_ONCE },
  );
  // Abandoned builds fail when their client is closed.
  built.catch(() => undefined);
  await Promise.race([built, aborted.promise]);
}
