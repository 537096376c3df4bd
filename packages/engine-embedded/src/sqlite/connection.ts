import { statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { consumerNames } from '@twite/core/events/event-stream';
import { EngineOpenError } from '../engine-open-error.ts';
import { isCurrent, migrate } from './migrations.ts';

const BUSY_TIMEOUT_MS = 5_000;

export interface DatabaseFile {
  readonly path: string;
  /** False if a running server may depend on the current version. */
  readonly mayMigrate: boolean;
}

/**
 * Opens the only writing connection, after migrating the file to the newest version.
 * @throws EngineOpenError when the version of the file does not allow it.
 */
export function openWriting({ path, mayMigrate }: DatabaseFile): DatabaseSync {
  const db = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS, enableForeignKeyConstraints: false });
  try {
    db.exec(`
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = FULL;
      PRAGMA cache_size = -8000;
      PRAGMA journal_size_limit = 67108864;
      -- Overwrites what was deleted. The full-text index keeps words of removed posts until it merges its segments.
      PRAGMA secure_delete = ON;
    `);
    migrate(db, mayMigrate);
    const insert = db.prepare('INSERT INTO consumers (consumer, seq) VALUES (?, 0) ON CONFLICT DO NOTHING');
    const known = new Set(
      db
        .prepare('SELECT consumer FROM consumers')
        .all()
        .map((row) => String(row.consumer)),
    );
    // Written only if missing: opening a current file writes nothing.
    for (const consumer of consumerNames) if (!known.has(consumer)) insert.run(consumer);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/**
 * Opens a read-only connection that needs no space, to a file that nobody writes to meanwhile: for a disk so full that
 * the shared memory of the write-ahead log cannot be created.
 * @throws EngineOpenError when reading the file takes some space.
 */
function openUnchanging(path: string): DatabaseSync {
  const logSize = statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0;
  const db =
    logSize > 0
      ? undefined
      : new DatabaseSync(unchangingUrl(path), { readOnly: true, enableForeignKeyConstraints: false });
  if (db !== undefined && isCurrent(db)) return db;
  db?.close();
  throw new EngineOpenError(`the disk of ${path} is full: free some space and start again`, {
    isTransient: true,
  });
}

function unchangingUrl(path: string): URL {
  const url = pathToFileURL(path);
  url.searchParams.set('immutable', '1');
  return url;
}

/** A file to read next to the connection that writes it. */
export interface ReadableFile {
  readonly path: string;
  /** Whether the disk was too full to open the file for writing. In that case nothing is added to it. */
  readonly isUnchanging: boolean;
}

/** @throws EngineOpenError when an unchanging file cannot be read without taking space. */
export const openReadable = ({ path, isUnchanging }: ReadableFile): DatabaseSync =>
  isUnchanging ? openUnchanging(path) : openReading(path);

/** Opens a read-only connection next to the writing one. */
export function openReading(path: string): DatabaseSync {
  const db = new DatabaseSync(path, {
    readOnly: true,
    timeout: BUSY_TIMEOUT_MS,
    enableForeignKeyConstraints: false,
  });
  db.exec('PRAGMA cache_size = -8000');
  return db;
}
