import type { DatabaseSync } from 'node:sqlite';
import { EngineOpenError } from '../engine-open-error.ts';
import { defineSearchFunctions, schemaVersion10 } from './rebuild-search.ts';
import {
  schemaVersion1,
  schemaVersion2,
  schemaVersion3,
  schemaVersion4,
  schemaVersion5,
  schemaVersion6,
  schemaVersion7,
  schemaVersion8,
  schemaVersion9,
  schemaVersion11,
} from './schema.ts';

/**
 * Migration n, counted from 1, upgrades a file from version n - 1 to n. Never change a released migration: add a new
 * one.
 */
export const migrations: readonly string[] = [
  schemaVersion1,
  schemaVersion2,
  schemaVersion3,
  schemaVersion4,
  schemaVersion5,
  schemaVersion6,
  schemaVersion7,
  schemaVersion8,
  schemaVersion9,
  schemaVersion10,
  schemaVersion11,
];

/** The version of a file, 0 for an empty one. */
export const versionOf = (db: DatabaseSync): number =>
  Number((db.prepare('PRAGMA user_version').get() as { user_version: number }).user_version);

export const isCurrent = (db: DatabaseSync): boolean => versionOf(db) === migrations.length;

/**
 * Upgrades a file to the newest version, in one transaction.
 * @throws EngineOpenError when a newer Twite wrote the file, or it is older and must not be migrated.
 */
export function migrate(db: DatabaseSync, mayMigrate: boolean, steps: readonly string[] = migrations): void {
  const found = versionOf(db);
  refuseNewer(found, steps.length);
  if (found === steps.length) return;
  if (!mayMigrate) {
    throw new EngineOpenError('the data is in use by an older Twite server. Restart that server first.');
  }
  db.exec('BEGIN IMMEDIATE');
  try {
    // Read again under the lock: another process may have migrated meanwhile.
    const version = versionOf(db);
    refuseNewer(version, steps.length);
    defineSearchFunctions(db);
    for (const step of steps.slice(version)) db.exec(step);
    db.exec(`PRAGMA user_version = ${steps.length}`);
    db.exec('COMMIT');
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK');
    throw error;
  }
}

function refuseNewer(version: number, newest: number): void {
  if (version <= newest) return;
  throw new EngineOpenError(
    `the data is of version ${version}, written by a newer Twite; this one knows versions up to ${newest}. Upgrade Twite.`,
  );
}
