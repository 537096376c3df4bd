import type { Db } from 'mongodb';
import { EngineOpenError } from '../engine-open-error.ts';
import type { Log } from '../log.ts';
import { pause } from '../rabbitmq/pause.ts';
import { relayIdOf } from '../relay/change-stream.ts';
import { raiseRelay } from '../relay/leader-lease.ts';
import { type Databases, databaseNames } from './databases.ts';
import { buildIndexes, findMissingIndexes, neededBeforeServing } from './ensure-indexes.ts';
import type { LeaseTimes } from './epoch-lease.ts';
import { duplicateField } from './errors.ts';
import { allMigrations } from './migrations/all-migrations.ts';
import type { Migration } from './migrations/migration.ts';
import { runMigrations, workAlone } from './migrations/run-migrations.ts';
import { oldestCompatibleVersion, schemaVersion as ownSchemaVersion } from './schema-version.ts';

/** Stored in each database. */
export interface SchemaDoc {
  _id: 'schema';
  /** Code with a lower version refuses to start. */
  version: number;
  /** The version of the newest release that was started. */
  newest?: number;
}

export interface SchemaOptions {
  readonly log?: Log;
  /** Aborts the wait for other processes and for indexes: `ensureSchema` rejects with its reason. */
  readonly signal?: AbortSignal | undefined;
  /** For tests, like the rest. */
  readonly schemaVersion?: number;
  readonly migrations?: readonly Migration[];
  readonly times?: LeaseTimes;
}

const noLog: Log = () => {};
const never = new AbortController().signal;

/**
 * Prepares the databases for this release before it serves: indexes, migrations, and the version that older relays
 * check. May be interrupted anywhere and run by several processes at once; one works while the others wait for it.
 * @throws EngineOpenError when this release is too old for a database.
 */
export async function ensureSchema(databases: Databases, options: SchemaOptions = {}): Promise<void> {
  const { log = noLog, schemaVersion = ownSchemaVersion, migrations = allMigrations, times } = options;
  const { signal = never } = options;
  await refuseNewerData(databases, schemaVersion);
  const common = { databases, stage: 'beforeServing', log, signal, times } as const;
  const findNeeded = async () => neededBeforeServing(await findMissingIndexes(databases));
  await workAlone({
    ...common,
    isPending: async () => (await findNeeded()).length > 0,
    work: async () => buildIndexes(databases, await findNeeded(), { log, signal }),
  });
  await runMigrations({ ...common, migrations });
  signal.throwIfAborted();
  // From here on no older relay leads: this process may write data that they cannot read.
  await Promise.all(
    databases.deployments.map((deployment) =>
      raiseRelay(databases.collections.relays, relayIdOf(deployment), schemaVersion),
    ),
  );
  await Promise.all(databaseNames.map((name) => writeVersion(databases.db(name), schemaVersion)));
}

const RETRY_MS = 10_000;

/** Does the background work that no start waits for: indexes of large collections, and long migrations. */
export function migrateInBackground(databases: Databases, options: SchemaOptions = {}): AsyncDisposable {
  const { log = noLog, migrations = allMigrations, times } = options;
  const stopping = new AbortController();
  const { signal } = stopping;
  const common = { databases, stage: 'background', log, signal, times } as const;

  async function run(): Promise<void> {
    while (!signal.aborted) {
      try {
        await workAlone({
          ...common,
          isPending: async () => (await findMissingIndexes(databases)).length > 0,
          work: async () => buildIndexes(databases, await findMissingIndexes(databases), { log, signal }),
        });
        await runMigrations({ ...common, migrations });
        return;
      } catch (error) {
        if (signal.aborted) return;
        log({ level: 'warn', msg: 'background migration failed', err: error });
        await pause(RETRY_MS, signal);
      }
    }
  }

  const running = run();
  return {
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await running;
    },
  };
}

export const schemaOf = (db: Db) => db.collection<SchemaDoc>('schema');

/** The version of a database's content; 0: it is empty. */
export async function readVersion(db: Db): Promise<number> {
  const found = await schemaOf(db).findOne({ _id: 'schema' });
  return Math.max(found?.newest ?? 0, found?.version ?? 0);
}

/** @throws EngineOpenError when a database was changed so that this release must not use it. */
export async function refuseNewerData(databases: Databases, schemaVersion = ownSchemaVersion): Promise<void> {
  await Promise.all(
    databaseNames.map((name) => refuseNewer(databases.db(name), databases.nameOf(name), schemaVersion)),
  );
}

async function refuseNewer(db: Db, name: string, known: number): Promise<void> {
  const { version = 0 } = (await schemaOf(db).findOne({ _id: 'schema' })) ?? {};
  if (version <= known) return;
  throw new EngineOpenError(
    `The database ${name} is of version ${version}, made by a newer Twite; this one knows versions up to ${known}. Start the newer one.`,
  );
}

/** Writes the version of a database's content, unless a newer release's version is stored. */
export async function writeVersion(db: Db, schemaVersion: number): Promise<void> {
  const write = () =>
    schemaOf(db).updateOne(
      { _id: 'schema' },
      { $max: { version: Math.min(oldestCompatibleVersion, schemaVersion), newest: schemaVersion } },
      { upsert: true },
    );
  await write().catch((error: unknown) => {
    // Two concurrent upserts: one inserts, and the other finds the inserted document.
    if (duplicateField(error) === undefined) throw error;
    return write();
  });
}
