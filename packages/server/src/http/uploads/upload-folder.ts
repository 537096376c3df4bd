import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rm, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { ContractError } from '@twite/contract';

/** The files of one upload. */
export interface Spool {
  /** A file that is not there yet. */
  newPath(): string;
  /** Removes the files. Nothing may write to them any more. */
  remove(): Promise<void>;
}

/** Where the uploads to this process lie while they are worked on. */
export interface UploadFolder extends AsyncDisposable {
  /** Throws `overloaded` when too many uploads are on disk already. */
  newSpool(): Spool;
}

export interface UploadFolderOptions {
  /** Uploads on disk at once. */
  readonly uploadsMax?: number;
}

const uploadsMaxDefault = 256;
const overloadedRetrySeconds = 5;
const lockSuffix = '.lock';
const sqliteBusy = 5;

const isMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT';

/** Undefined when another process has it. The lock is the operating system's: it ends with the process. */
function lock(file: string): DatabaseSync | undefined {
  const db = new DatabaseSync(file);
  try {
    db.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
    return db;
  } catch (error) {
    db.close();
    if (((error as { errcode?: number }).errcode ?? 0) % 256 === sqliteBusy) return undefined;
    throw error;
  }
}

/** Removes the folders of processes that ended without doing so. */
async function removeLeftovers(parent: string, own: string): Promise<void> {
  for (const name of await readdir(parent)) {
    if (!name.endsWith(lockSuffix) || name === `${own}${lockSuffix}`) continue;
    const file = join(parent, name);
    const held = lock(file);
    if (held === undefined) continue;
    try {
      await rm(file.slice(0, -lockSuffix.length), { recursive: true, force: true });
      await rm(file, { force: true });
    } finally {
      held.close();
    }
  }
}

function lockNew(parent: string): { id: string; held: DatabaseSync } {
  for (;;) {
    const id = randomUUID();
    const file = join(parent, `${id}${lockSuffix}`);
    const held = lock(file);
    // Another process that looks for leftovers may have been faster, and taken it for one.
    if (held !== undefined && existsSync(file)) return { id, held };
    held?.close();
  }
}

/**
 * Makes a folder for this process below `parent`, which several processes may share, and removes what others left behind
 * when they were killed.
 */
export async function openUploadFolder(
  parent: string,
  { uploadsMax = uploadsMaxDefault }: UploadFolderOptions = {},
): Promise<UploadFolder> {
  await mkdir(parent, { recursive: true, mode: 0o700 });
  const { id, held } = lockNew(parent);
  const folder = join(parent, id);
  let spoolCount = 0;
  const dispose = async (): Promise<void> => {
    try {
      await rm(folder, { recursive: true, force: true });
      await rm(`${folder}${lockSuffix}`, { force: true });
    } finally {
      held.close();
    }
  };
  try {
    await mkdir(folder, { mode: 0o700 });
    await removeLeftovers(parent, id);
  } catch (error) {
    await dispose();
    throw error;
  }
  return {
    newSpool() {
      if (spoolCount >= uploadsMax) {
        throw new ContractError('overloaded', { retryAfterSeconds: overloadedRetrySeconds });
      }
      spoolCount += 1;
      let removed = false;
      const paths: string[] = [];
      return {
        newPath() {
          const path = join(folder, randomUUID());
          paths.push(path);
          return path;
        },
        async remove() {
          if (removed) return;
          removed = true;
          spoolCount -= 1;
          for (const path of paths) {
            await unlink(path).catch((error: unknown) => {
              if (!isMissing(error)) throw error;
            });
          }
        },
      };
    },
    [Symbol.asyncDispose]: dispose,
  };
}
