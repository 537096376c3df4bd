import { type Collection, type Db, type Document, MongoClient, type MongoClientOptions } from 'mongodb';
import type { CallGuard } from '../dependency.ts';
import type { Log } from '../log.ts';
import type {
  AccountDoc,
  AccountPairDoc,
  AuditDoc,
  BarrierDoc,
  FollowDoc,
  IdempotencyDoc,
  LikeDoc,
  MediaDoc,
  MigrationsDoc,
  ParkedDoc,
  PasswordResetDoc,
  PostDoc,
  ProcessDoc,
  QueueProgressDoc,
  RelayDoc,
  ReplyDoc,
  ScheduledJobDoc,
  SessionDoc,
  TokenDoc,
} from './documents.ts';
import type { LeasedDoc } from './epoch-lease.ts';
import { guardCollection } from './guarded-collection.ts';
import { reviveHungClient } from './revive-client.ts';

/** One connection string per database; they may be the same. */
export interface MongoUrls {
  readonly posts: string;
  readonly replies: string;
  readonly social: string;
  readonly identity: string;
}

export type DatabaseName = keyof MongoUrls;
export const databaseNames = ['posts', 'replies', 'social', 'identity'] as const satisfies DatabaseName[];

/** Every collection of the engine, in its database. */
export interface Collections {
  readonly accounts: Collection<AccountDoc>;
  readonly sessions: Collection<SessionDoc>;
  readonly tokens: Collection<TokenDoc>;
  readonly passwordResets: Collection<PasswordResetDoc>;
  readonly idempotencyKeys: Collection<IdempotencyDoc>;
  readonly auditLog: Collection<AuditDoc>;
  readonly processes: Collection<ProcessDoc>;
  readonly parkedMessages: Collection<ParkedDoc>;
  readonly scheduledJobs: Collection<ScheduledJobDoc>;
  readonly relays: Collection<RelayDoc>;
  readonly leases: Collection<LeasedDoc>;
  readonly migrations: Collection<MigrationsDoc>;
  readonly queueProgress: Collection<QueueProgressDoc>;
  readonly posts: Collection<PostDoc>;
  readonly likes: Collection<LikeDoc>;
  readonly media: Collection<MediaDoc>;
  readonly replies: Collection<ReplyDoc>;
  readonly follows: Collection<FollowDoc>;
  readonly blocks: Collection<AccountPairDoc>;
  readonly mutes: Collection<AccountPairDoc>;
}

/** The database of each collection. */
export const databaseOf = {
  accounts: 'identity',
  sessions: 'identity',
  tokens: 'identity',
  passwordResets: 'identity',
  idempotencyKeys: 'identity',
  auditLog: 'identity',
  processes: 'identity',
  parkedMessages: 'identity',
  scheduledJobs: 'identity',
  relays: 'identity',
  leases: 'identity',
  migrations: 'identity',
  queueProgress: 'identity',
  posts: 'posts',
  likes: 'posts',
  media: 'posts',
  replies: 'replies',
  follows: 'social',
  blocks: 'social',
  mutes: 'social',
} as const satisfies Record<keyof Collections, DatabaseName>;

type AnyCollection = Collection<never>;

/** Creates every collection. */
function mapCollections(
  make: (database: DatabaseName, name: keyof Collections) => Collection<Document>,
): Collections {
  const names = Object.keys(databaseOf) as (keyof Collections)[];
  // Each has its own document type, as `Collections` says.
  return Object.fromEntries(
    names.map((name) => [name, make(databaseOf[name], name) as unknown as AnyCollection]),
  ) as unknown as Collections;
}

/** The same collections, each behind the circuit breaker of its deployment. */
export const guardCollections = (
  collections: Collections,
  guardOf: (database: DatabaseName) => CallGuard,
): Collections =>
  mapCollections((database, name) =>
    guardCollection(collections[name] as unknown as Collection<Document>, guardOf(database).call),
  );

/** A MongoDB deployment and the databases of Twite in it. */
export interface Deployment {
  readonly client: MongoClient;
  readonly databases: readonly DatabaseName[];
  /** Another client of the deployment, for a command that may take hours. The caller must close it. */
  openPatientClient(): MongoClient;
  /** Written by `settled` and by lag probes; the writes come back through the change stream. */
  readonly barriers: Collection<BarrierDoc>;
}

export interface Databases extends AsyncDisposable {
  /** Not guarded by circuit breakers: see `guardCollections`. */
  readonly collections: Collections;
  readonly deployments: readonly Deployment[];
  /** The name of a database in MongoDB. */
  nameOf(database: DatabaseName): string;
  db(database: DatabaseName): Db;
}

export const mongoDeadlineMs = 5_000;

const clientOptions: MongoClientOptions = {
  appName: 'twite',
  writeConcern: { w: 'majority', wtimeoutMS: mongoDeadlineMs },
  readConcernLevel: 'majority',
  retryWrites: true,
  retryReads: true,
  connectTimeoutMS: mongoDeadlineMs,
  serverSelectionTimeoutMS: mongoDeadlineMs,
  waitQueueTimeoutMS: mongoDeadlineMs,
  // A deployment that hangs must not hold a socket. Change streams stay below this limit: they answer every second.
  socketTimeoutMS: 2 * mongoDeadlineMs,
  maxPoolSize: 50,
  ignoreUndefined: true,
};

/** Opens the databases with one client per deployment, however many of the four it holds. */
export function openDatabases(urls: MongoUrls, namespace: string, log: Log = () => {}): Databases {
  const clients = new Map<string, MongoClient>();
  for (const name of databaseNames) {
    const url = urls[name];
    if (!clients.has(url)) clients.set(url, new MongoClient(url, clientOptions));
  }
  const watches = [...clients.values()].map((client) => reviveHungClient(client, { log }));
  const nameOf = (database: DatabaseName) => `${namespace}_${database}`;
  const db = (database: DatabaseName) => (clients.get(urls[database]) as MongoClient).db(nameOf(database));
  const deployments = [...clients].map(([url, client]): Deployment => {
    const databases = databaseNames.filter((name) => urls[name] === url);
    return {
      client,
      databases,
      openPatientClient: () => new MongoClient(url, { ...clientOptions, socketTimeoutMS: 0, maxPoolSize: 4 }),
      barriers: client.db(nameOf(databases[0] as DatabaseName)).collection('barriers'),
    };
  });
  return {
    collections: mapCollections((database, name) => db(database).collection(name)),
    deployments,
    nameOf,
    db,
    async [Symbol.asyncDispose]() {
      await Promise.all(watches.map((watch) => watch[Symbol.asyncDispose]()));
      await Promise.all([...clients.values()].map((client) => client.close()));
    },
  };
}
