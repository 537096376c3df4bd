import { DatabaseSync } from 'node:sqlite';
import { isBusy } from './sqlite-error.ts';

/** Locks out other servers until it is closed or the process ends in any way: it is a lock of the operating system. */
export interface FolderLock {
  close(): void;
}

/** Undefined if another process holds the lock. */
export function lockFolder(lockFile: string): FolderLock | undefined {
  const db = new DatabaseSync(lockFile);
  try {
    // In memory: the file itself stays empty, and a crash leaves no journal behind.
    db.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
    return db;
  } catch (error) {
    db.close();
    if (isBusy(error)) return undefined;
    throw error;
  }
}
