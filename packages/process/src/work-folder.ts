import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** Where processes without a place of their own create work folders. */
export const sharedWorkFolder = join(tmpdir(), 'twite-uploads');

/** A folder of this process alone, for files that are worthless once it is gone. */
export interface WorkFolder extends AsyncDisposable {
  /** A new empty folder within it; the caller removes it. */
  makeFolder(): Promise<string>;
}

const lockSuffix = '.lock';
const sqliteBusy = 5;

/**
 * Returns undefined when another process holds it. The lock is the operating system's: it ends with its process,
 * whatever kills it, in any container.
 */
function lock(file: string): DatabaseSync | undefined {
  const db = new DatabaseSync(file);
  try {
    // In memory: the file itself stays empty, and a crash leaves no journal next to it.
    db.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
    return db;
  } catch (error) {
    db.close();
    if (((error as { errcode?: number }).errcode ?? 0) % 256 === sqliteBusy) return undefined;
    throw error;
  }
}

/** Removes the folders of processes that exited without doing so. */
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
    // Another process that removes leftovers may have been faster, and taken the folder for one.
    if (held !== undefined && existsSync(file)) return { id, held };
    held?.close();
  }
}

/** Several processes may share a parent folder. Opening removes leftovers of dead ones. */
export async function openWorkFolder(parent: string): Promise<WorkFolder> {
  await mkdir(parent, { recursive: true, mode: 0o700 });
  const { id, held } = lockNew(parent);
  const own = join(parent, id);
  let disposing: Promise<void> | undefined;
  const remove = async (): Promise<void> => {
    try {
      await rm(own, { recursive: true, force: true });
      await rm(`${own}${lockSuffix}`, { force: true });
    } finally {
      held.close();
    }
  };
  const dispose = (): Promise<void> => {
    disposing ??= remove();
    return disposing;
  };
  try {
    await mkdir(own, { mode: 0o700 });
    await removeLeftovers(parent, id);
  } catch (error) {
    await dispose();
    throw error;
  }
  let count = 0;
  return {
    async makeFolder() {
      count += 1;
      const folder = join(own, String(count));
      await mkdir(folder, { mode: 0o700 });
      return folder;
    },
    [Symbol.asyncDispose]: dispose,
  };
}
