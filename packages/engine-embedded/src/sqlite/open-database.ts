import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { EngineOpenError } from '../engine-open-error.ts';
import type { Log } from '../log.ts';
import { type DatabaseFile, openReadable, openWriting, type ReadableFile } from './connection.ts';
import { type FolderLock, lockFolder } from './folder-lock.ts';
import { createInlineReader } from './inline-reader.ts';
import { createInlineWriter } from './inline-writer.ts';
import { makeFolder } from './make-folder.ts';
import type { Reader } from './reader.ts';
import { restrictAccess } from './restrict-access.ts';
import { createStatements, type Statements } from './statements.ts';
import { createThreadReader } from './thread-reader.ts';
import { createThreadWriter } from './thread-writer.ts';
import { messageOf } from './write-batch.ts';
import type { CommitListener, Writer } from './writer.ts';

/** A database, as adapters use it. */
export interface OpenDatabase {
  readonly read: Statements;
  readonly reader: Reader;
  readonly writer: Writer;
  close(): Promise<void>;
}

interface OpenOptions {
  readonly onStorageChange?: (isFull: boolean) => void;
  readonly log?: Log;
}

/** @throws EngineOpenError when the folder or the file cannot be used. */
export async function openDatabase(
  location: string,
  exclusive: boolean,
  listener: CommitListener,
  options: OpenOptions = {},
): Promise<OpenDatabase> {
  if (location === ':memory:') return openInMemory(listener);
  const path = join(location, 'twite.db');
  const { onStorageChange = () => {}, log = () => {} } = options;
  const { lock, alone } = prepareFolder(location, exclusive, () => restrictAccess(location, path, log));
  try {
    const database = await openOnDisk({ path, mayMigrate: alone }, listener, { onStorageChange, log });
    return {
      ...database,
      async close() {
        await database.close();
        lock?.close();
      },
    };
  } catch (error) {
    lock?.close();
    throw error;
  }
}

function openInMemory(listener: CommitListener): OpenDatabase {
  const db = openWriting({ path: ':memory:', mayMigrate: true });
  const read = createStatements(db);
  const reader = createInlineReader(read);
  const writer = createInlineWriter(db, listener);
  return {
    read,
    reader,
    writer,
    async close() {
      await Promise.all([reader.close(), writer.close()]);
      db.close();
    },
  };
}

async function openOnDisk(
  file: DatabaseFile,
  listener: CommitListener,
  { onStorageChange, log }: Required<OpenOptions>,
): Promise<OpenDatabase> {
  let readable: ReadableFile = { path: file.path, isUnchanging: false };
  let reading: DatabaseSync | undefined;
  let statements: Statements | undefined;
  const reader = createThreadReader({ file: () => readable, log });
  const open = (isUnchanging: boolean) => {
    readable = { path: file.path, isUnchanging };
    const db = openReadable(readable);
    reading?.close();
    reading = db;
    statements = createStatements(db);
    reader.reopen();
  };
  const writer = await createThreadWriter(file, listener, {
    reopened: () => open(false),
    changed: onStorageChange,
  });
  try {
    open(writer.isFull);
  } catch (error) {
    await writer.close();
    throw error;
  }
  if (writer.isFull) onStorageChange(true);
  const current = (): Statements => {
    if (statements === undefined) throw new Error('the database is not open for reading');
    return statements;
  };
  return {
    read: {
      get: (sql, ...values) => current().get(sql, ...values),
      all: (sql, ...values) => current().all(sql, ...values),
      column: (sql, ...values) => current().column(sql, ...values),
      run: (sql, ...values) => current().run(sql, ...values),
    },
    reader,
    writer,
    async close() {
      // Reads stay possible until all writes are done. The writer closes last, so that SQLite removes its log.
      await writer.run('ping', undefined).catch(() => {});
      await reader.close();
      reading?.close();
      await writer.close();
    },
  };
}

/**
 * Creates the folder and takes its lock, then calls `restrict`. `alone`: no server is running in it, so a migration
 * disturbs nobody.
 * @throws EngineOpenError when the folder cannot be used, or a server holds its lock.
 */
export function prepareFolder(
  folder: string,
  exclusive: boolean,
  restrict: () => void = () => {},
): { lock?: FolderLock; alone: boolean } {
  let lock: FolderLock | undefined;
  try {
    makeFolder(folder);
    lock = lockFolder(join(folder, 'twite.lock'));
    restrict();
  } catch (error) {
    throw new EngineOpenError(`the data folder ${folder} cannot be used: ${messageOf(error)}`, {
      cause: error,
      isTransient: (error as NodeJS.ErrnoException).code === 'ENOSPC',
    });
  }
  if (lock === undefined) {
    if (exclusive) {
      throw new EngineOpenError(`the data folder ${folder} is in use by another Twite server`);
    }
    return { alone: false };
  }
  if (exclusive) return { lock, alone: true };
  // An operator's command never locks a server out.
  lock.close();
  return { alone: true };
}
