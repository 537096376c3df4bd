import type { Db, IndexDescription } from 'mongodb';
import { EngineOpenError } from '../engine-open-error.ts';
import type { DatabaseName, Databases } from './databases.ts';
import { databaseNames } from './databases.ts';
import { duplicateField } from './errors.ts';

/** Rises with each change that an older server must not work with. */
export const schemaVersion = 1;

interface SchemaDoc {
  _id: 'schema';
  version: number;
}

const index = (name: string, key: IndexDescription['key'], more: Partial<IndexDescription> = {}) => ({
  name,
  key,
  ...more,
});

const dirty = index('dirty', { dirty: 1, _id: 1 }, { partialFilterExpression: { dirty: true } });
// The only one by which MongoDB erases by itself: by the wall clock of whoever wrote the tombstone.
const purge = index('purge', { purgeAt: 1 }, { expireAfterSeconds: 0, sparse: true });

/**
 * Fields that are asked for by equality come first, then the one that a page goes by, then those that the page tells, so
 * that it is read from the index alone.
 */
const indexes: { readonly [D in DatabaseName]: Readonly<Record<string, readonly IndexDescription[]>> } = {
  identity: {
    accounts: [
      index('by_handle', { handleKey: 1 }, { unique: true }),
      index('by_status', { status: 1, _id: -1 }),
      index('admins', { role: 1, status: 1 }, { partialFilterExpression: { role: 'admin' } }),
      index('popular', { popular: 1, _id: 1 }, { partialFilterExpression: { popular: true } }),
      index('by_update', { updatedAt: 1 }),
      dirty,
    ],
    sessions: [
      index('by_access_hash', { accessHash: 1 }),
      index('by_account', { accountId: 1, _id: -1 }),
      index('by_expiry', { refreshExpiresAt: 1 }),
    ],
    tokens: [index('by_secret_hash', { secretHash: 1 }), index('by_account', { accountId: 1, _id: -1 })],
    idempotencyKeys: [index('by_expiry', { expiresAt: 1 })],
    processes: [index('by_process', { processId: 1 })],
    queueProgress: [index('by_report', { reportedAt: 1 }, { expireAfterSeconds: 60 })],
    parkedMessages: [index('by_queue', { queue: 1, _id: 1 })],
  },
  posts: {
    posts: [
      index('by_author', { authorId: 1, deleted: 1, _id: -1 }),
      index('by_author_visibility', { authorId: 1, deleted: 1, visibility: 1, _id: -1 }),
      index('by_deletion', { deletedAt: 1 }, { sparse: true }),
      purge,
      dirty,
    ],
    likes: [
      index('by_subject', { subjectId: 1, kind: 1, counted: 1, likeId: -1, accountId: 1 }),
      index('by_account', { accountId: 1, kind: 1, likeId: -1, subjectId: 1 }),
      index('by_account_counted', { accountId: 1, counted: 1 }),
    ],
  },
  replies: {
    replies: [
      index('by_post', { postId: 1, deleted: 1, counted: 1, _id: 1, authorId: 1 }),
      index('by_author', { authorId: 1, deleted: 1, _id: -1 }),
      index('by_author_counted', { authorId: 1, deleted: 1, counted: 1, postId: 1 }),
      purge,
      dirty,
    ],
  },
  social: {
    follows: [
      index('by_follower', { followerId: 1, active: 1, counted: 1, followId: -1, followeeId: 1 }),
      index('by_followee', { followeeId: 1, active: 1, counted: 1, followId: -1, followerId: 1 }),
      purge,
    ],
    blocks: [
      index('by_account', { accountId: 1, edgeId: -1, targetId: 1 }),
      index('by_target', { targetId: 1, accountId: 1 }),
    ],
    mutes: [
      index('by_account', { accountId: 1, edgeId: -1, targetId: 1 }),
      index('by_target', { targetId: 1, accountId: 1 }),
    ],
  },
};

/**
 * Makes collections and indexes what this version needs. Each step may be done twice and by several servers at once, so
 * that one that crashed half way, or starts beside others, does no harm; the version is written last.
 * @throws EngineOpenError when a newer server has changed a database.
 */
export async function ensureSchema(
  databases: Pick<Databases, 'db' | 'nameOf' | 'deployments'>,
): Promise<void> {
  await Promise.all(databaseNames.map((name) => refuseNewer(databases.db(name), databases.nameOf(name))));
  await createIndexes(databases);
  await Promise.all(databaseNames.map((name) => writeVersion(databases.db(name), schemaVersion)));
}

/** Collections and indexes as this version has them. */
export async function createIndexes(databases: Pick<Databases, 'db' | 'deployments'>): Promise<void> {
  await Promise.all(
    databaseNames.flatMap((name) =>
      Object.entries(indexes[name]).map(([collection, wanted]) =>
        databases
          .db(name)
          .collection(collection)
          .createIndexes([...wanted]),
      ),
    ),
  );
  // The relay erases what it relayed; this is for what a crash leaves.
  await Promise.all(
    databases.deployments.map(({ barriers }) =>
      barriers.createIndex({ createdAt: 1 }, { name: 'by_age', expireAfterSeconds: 600 }),
    ),
  );
}

const schemaOf = (db: Db) => db.collection<SchemaDoc>('schema');

/** The version of what a database holds; 0: it is empty. */
export async function readVersion(db: Db): Promise<number> {
  const { version = 0 } = (await schemaOf(db).findOne({ _id: 'schema' })) ?? {};
  return version;
}

async function refuseNewer(db: Db, name: string): Promise<void> {
  const version = await readVersion(db);
  if (version <= schemaVersion) return;
  throw new EngineOpenError(
    `The database ${name} is of version ${version}, made by a newer Twite; this one knows versions up to ${schemaVersion}. Start the newer one.`,
  );
}

export async function writeVersion(db: Db, version: number): Promise<void> {
  const write = () => schemaOf(db).updateOne({ _id: 'schema' }, { $max: { version } }, { upsert: true });
  await write().catch((error: unknown) => {
    // Two upserts at once: one inserts, the other finds what it inserted.
    if (duplicateField(error) === undefined) throw error;
    return write();
  });
}
