import { join } from 'node:path';
import { EngineOpenError } from '../engine-open-error.ts';
import { type DatabaseFile, openReading, openWriting } from './connection.ts';
import { type FolderLock, lockFolder } from './folder-lock.ts';
import { createInlineWriter } from './inline-writer.ts';
import { makeFolder } from './make-folder.ts';
import { createStatements, type Statements } from './statements.ts';
import { createThreadWriter } from './thread-writer.ts';
import { messageOf } from './write-batch.ts';
import type { CommitListener, Writer } from './writer.ts';

/** One database as the adapters see it. */
export interface OpenDatabase {
  readonly read: Statements;
  readonly writer: Writer;
  close(): Promise<void>;
}

/** @throws EngineOpenError when the folder or the file cannot be used. */
export async function openDatabase(
  location: string,
  exclusive: boolean,
  listener: CommitListener,
): Promise<OpenDatabase> {
  if (location === ':memory:') return openInMemory(listener);
  const { lock, alone } = prepareFolder(location, exclusive);
  try {
    const database = await openOnDisk({ path: join(location, 'twite.db'), mayMigrate: alone }, listener);
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
  const writer = createInlineWriter(db, listener);
  return {
    read: createStatements(db),
    writer,
    async close() {
      await writer.close();
      db.close();
    },
  };
}

async function openOnDisk(file: DatabaseFile, listener: CommitListener): Promise<OpenDatabase> {
  const writer = await createThreadWriter(file, listener);
  const reading = openReading(file.path);
  return {
    read: createStatements(reading),
    writer,
    async close() {
      // Reads last until all writes are through; and the writer closes last, so that SQLite removes its log.
      await writer.run('ping', undefined).catch(() => {});
      reading.close();
      await writer.close();
    },
  };
}

/**
 * Makes the folder and takes its lock. `alone`: no server is at work in it, so migrating disturbs nobody.
 * @throws EngineOpenError when the folder cannot be used, or a server has its lock.
 */
export function prepareFolder(folder: string, exclusive: boolean): { lock?: FolderLock; alone: boolean } {
  let lock: FolderLock | undefined;
  try {
    makeFolder(folder);
    lock = lockFolder(join(folder, 'twite.lock'));
  } catch (error) {
    throw new EngineOpenError(`the data folder ${folder} cannot be used: ${messageOf(error)}`, {
      cause: error,
    });
  }
  if (lock === undefined) {
    if (exclusive) {
      throw new EngineOpenError(`the data folder ${folder} is in use by another Twite server`);
    }
    return { alone: false };
  }
  if (exclusive) return { lock, alone: true };
  // An operator's command never keeps a server out.
  lock.close();
  return { alone: true };
}
