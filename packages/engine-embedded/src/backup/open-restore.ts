import { existsSync, rmSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { RestoreTarget } from '@twite/core/backup/backup-ports';
import { EngineOpenError } from '../engine-open-error.ts';
import { syncFolder } from '../files/durable-folder.ts';
import { migrations, versionOf } from '../sqlite/migrations.ts';
import { prepareFolder } from '../sqlite/open-database.ts';
import { messageOf } from '../sqlite/write-batch.ts';
import { databaseFileName, databaseSection } from './database-file.ts';
import { createMediaDraft } from './restore-media.ts';
import { checkIntegrity, countRows } from './stored-rows.ts';

/**
 * Restores into a data folder, which no server may use. The new database is renamed into place once it was written and
 * checked: an interrupted restore leaves the folder unchanged.
 * @throws EngineOpenError when the folder cannot be used, or a server uses it.
 */
export async function openEmbeddedRestore(dataDir: string): Promise<RestoreTarget> {
  const { lock } = prepareFolder(dataDir, true);
  const path = join(dataDir, databaseFileName);
  const draft = `${path}.restoring`;
  const removeDraft = () => {
    for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(`${draft}${suffix}`, { force: true });
  };
  const media = createMediaDraft(dataDir);
  let expectedVersion = 0;
  return {
    schemaVersion: migrations.length,
    async hasData() {
      return existsSync(path) && holdsRows(path);
    },
    async begin(schemaVersion) {
      expectedVersion = schemaVersion;
      removeDraft();
      await media.discard();
    },
    async write(file) {
      if (await media.write(file)) return 1;
      const { section, name, chunks } = file;
      if (section !== databaseSection || existsSync(draft)) {
        throw new EngineOpenError(`the archive holds ${name}, which this Twite cannot restore`);
      }
      await using handle = await open(draft, 'wx', 0o600);
      for await (const chunk of chunks) await handle.writeFile(chunk);
      await handle.sync();
      return inspect(draft, expectedVersion);
    },
    async finish() {
      if (!existsSync(draft)) throw new EngineOpenError('the archive holds no database');
      // Both databases find their objects at any time: the other's objects do no harm.
      await media.adopt();
      closeLog(path);
      await rename(draft, path);
      await syncFolder(dataDir);
      await media.deleteOthers(path);
    },
    async [Symbol.asyncDispose]() {
      removeDraft();
      await media.discard();
      lock?.close();
    },
  };
}

const inspectionFailed = (error: unknown) =>
  new EngineOpenError(`the database in the archive cannot be used: ${messageOf(error)}`, { cause: error });

/** The number of rows in the new database. Refuses one that SQLite cannot read. */
function inspect(draft: string, expectedVersion: number): number {
  try {
    const db = new DatabaseSync(draft);
    try {
      checkIntegrity(db);
      const version = versionOf(db);
      if (version !== expectedVersion) throw new Error(`its version is ${version}, not ${expectedVersion}`);
      return countRows(db);
    } finally {
      db.close();
    }
  } catch (error) {
    throw inspectionFailed(error);
  }
}

/** Whether there is any data to lose. An unreadable file counts: it may still be repaired. */
function holdsRows(path: string): boolean {
  try {
    const db = new DatabaseSync(path);
    try {
      return countRows(db) > 0;
    } finally {
      db.close();
    }
  } catch {
    return true;
  }
}

/** Removes the write-ahead log of the database that is replaced: SQLite would apply it to the new one. */
function closeLog(path: string): void {
  if (existsSync(path)) {
    try {
      const db = new DatabaseSync(path);
      db.exec('PRAGMA journal_mode = DELETE');
      db.close();
    } catch {
      // The old database is damaged, and is replaced anyway.
    }
  }
  for (const suffix of ['-wal', '-shm']) rmSync(`${path}${suffix}`, { force: true });
}
