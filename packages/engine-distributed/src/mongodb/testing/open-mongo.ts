import type { Invalidation } from '@twite/core/caching/invalidation';
import { randomNamespace } from '../../testing/random-namespace.ts';
import { batchStatuses } from '../counted.ts';
import { type Counts, createCounts } from '../counts.ts';
import { type Databases, databaseNames, openDatabases } from '../databases.ts';
import { ensureSchema } from '../ensure-schema.ts';
import type { MongoContext } from '../mongo-context.ts';

export const mongoUrl = process.env.TWITE_TEST_MONGODB_URL ?? '';

export interface TestMongo extends AsyncDisposable {
  readonly context: MongoContext;
  readonly counts: Counts;
  readonly databases: Databases;
  readonly namespace: string;
  /** The cached values that were invalidated. */
  readonly invalidations: Invalidation[];
  /** The same databases with the context of another process. */
  beside(): Promise<TestMongo>;
}

/** New, empty databases on the server under test; removed on disposal. */
export function openTestMongo(): Promise<TestMongo> {
  return open(randomNamespace(), true);
}

async function open(namespace: string, isOwner: boolean): Promise<TestMongo> {
  const urls = { posts: mongoUrl, replies: mongoUrl, social: mongoUrl, identity: mongoUrl };
  const databases = openDatabases(urls, namespace);
  await ensureSchema(databases);
  const { collections } = databases;
  const invalidations: Invalidation[] = [];
  const invalidate = async (some: readonly Invalidation[]) => void invalidations.push(...some);
  const counts = createCounts(collections, {
    invalidate,
    failed(error) {
      throw error;
    },
  });
  return {
    context: {
      collections,
      counts,
      statusesOf: batchStatuses(collections),
      wallNow: Date.now,
      invalidate,
    },
    counts,
    databases,
    namespace,
    invalidations,
    beside: () => open(namespace, false),
    async [Symbol.asyncDispose]() {
      if (isOwner) await Promise.all(databaseNames.map((name) => databases.db(name).dropDatabase()));
      await databases[Symbol.asyncDispose]();
    },
  };
}
