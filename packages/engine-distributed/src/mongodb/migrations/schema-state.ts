import type { MongoUrls } from '../databases.ts';
import { type Databases, databaseNames, openDatabases } from '../databases.ts';
import type { AppliedMigration, RunningMigration } from '../documents.ts';
import { findMissingIndexes } from '../ensure-indexes.ts';
import { schemaOf } from '../ensure-schema.ts';
import { bounded } from '../reads.ts';
import { schemaVersion } from '../schema-version.ts';
import { allMigrations } from './all-migrations.ts';
import { type Stage, stages } from './migration.ts';
import { pendingOf } from './run-migrations.ts';

/** The state of the stored data relative to this release. */
export interface SchemaState {
  /** The schema version of this release. */
  readonly knownVersion: number;
  /** The version of the newest release that was started on the data; null when none was. */
  readonly storedVersion: number | null;
  /** Code with a lower version refuses to start; null when no release was started. */
  readonly oldestCompatibleVersion: number | null;
  readonly applied: readonly (AppliedMigration & { readonly stage: Stage })[];
  /** Started and not finished: worked on by `holder`, or by nobody. */
  readonly running: readonly (RunningMigration & { readonly stage: Stage; readonly holder: string | null })[];
  /** By name. Those of the running release; a newer one may have more. */
  readonly pending: readonly { readonly name: string; readonly stage: Stage }[];
  /** `<database>.<collection>: <name>` */
  readonly missingIndexes: readonly string[];
}

/** Reads the state without changing anything. */
export async function readSchemaState(databases: Databases): Promise<SchemaState> {
  const [docs, schemas, missing] = await Promise.all([
    databases.collections.migrations.find({}, bounded).toArray(),
    Promise.all(
      databaseNames.map((name) => schemaOf(databases.db(name)).findOne({ _id: 'schema' }, bounded)),
    ),
    findMissingIndexes(databases),
  ]);
  const highest = (versions: readonly (number | undefined)[]) => {
    const known = versions.filter((version) => version !== undefined);
    return known.length === 0 ? null : Math.max(...known);
  };
  const of = (stage: Stage) => docs.find(({ _id }) => _id === stage) ?? null;
  return {
    knownVersion: schemaVersion,
    storedVersion: highest(schemas.map((schema) => schema?.newest ?? schema?.version)),
    oldestCompatibleVersion: highest(schemas.map((schema) => schema?.version)),
    applied: stages.flatMap((stage) => of(stage)?.applied.map((one) => ({ ...one, stage })) ?? []),
    running: stages.flatMap((stage) => {
      const doc = of(stage);
      return doc?.running === undefined ? [] : [{ ...doc.running, stage, holder: doc.holder }];
    }),
    pending: stages.flatMap((stage) =>
      pendingOf(allMigrations, stage, of(stage)).map(({ name }) => ({ name, stage })),
    ),
    missingIndexes: missing.flatMap(({ collection, missing: these }) =>
      these.map(({ name }) => `${collection.namespace}: ${name}`),
    ),
  };
}

/** Does the same for a command that has no engine open. */
export async function readSchemaStateAt(urls: MongoUrls, namespace: string): Promise<SchemaState> {
  await using databases = openDatabases(urls, namespace);
  return await readSchemaState(databases);
}
