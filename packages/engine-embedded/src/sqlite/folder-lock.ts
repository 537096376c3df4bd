import { DatabaseSync } from 'node:sqlite';
import { isBusy } from './sqlite-error.ts';

/** Keeps other servers out until it is closed or the process ends, however it ends: the lock is the operating system's. */
export interface FolderLock {
  close(): void;
}

/** Undefined when another has it. */
export function lockFolder(lockFile: string): FolderLock | undefined {
  const db = new DatabaseSync(lockFile);
  try {
    // In memory: the file itself stays empty, and a crash leaves no journal beside it.
    db.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
    return db;
  } catch (error) {
    db.close();
    if (isBusy(error)) return undefined;
    throw error;
  }
}
