import { randomUUID } from 'node:crypto';
import { createReadStream, existsSync, rmSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { backup, DatabaseSync } from 'node:sqlite';
import type { BackupFile, BackupSource } from '@twite/core/backup/backup-ports';
import { EngineOpenError } from '../engine-open-error.ts';
import { openReading } from '../sqlite/connection.ts';
import { migrations, versionOf } from '../sqlite/migrations.ts';
import { messageOf } from '../sqlite/write-batch.ts';
import { databaseFileName, databaseSection } from './database-file.ts';
import { readMedia } from './read-media.ts';
import { checkIntegrity, countRows } from './stored-rows.ts';

export interface EmbeddedBackupOptions {
  readonly dataDir: string;
  /** The folder for the copy of the database. The copy is removed afterwards. */
  readonly workDir: string;
}

// 4 MiB: the copying thread yields to others after each such part.
const pagesAtOnce = 1_024;

/**
 * Takes a consistent copy of the database, while a server may be writing to it, then reads the objects of its media.
 * @throws EngineOpenError when there is no database, a newer Twite wrote it, or it is damaged.
 */
export async function openEmbeddedBackup({ dataDir, workDir }: EmbeddedBackupOptions): Promise<BackupSource> {
  const path = join(dataDir, databaseFileName);
  if (!existsSync(path)) {
    throw new EngineOpenError(`there is no Twite database in ${dataDir}: name the data folder of the server`);
  }
  const copy = join(workDir, `.twite-backup-${randomUUID()}.tmp`);
  const removeCopy = () => {
    for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(`${copy}${suffix}`, { force: true });
  };
  try {
    // Created before SQLite opens it, which would make it readable to others.
    await (await open(copy, 'wx', 0o600)).close();
    await copyDatabase(path, copy);
    const { schemaVersion, hasMedia } = describe(copy);
    return {
      schemaVersion,
      async *files(): AsyncGenerator<BackupFile> {
        // First, because it may change records of the copy.
        if (hasMedia) yield* readMedia(dataDir, copy);
        const { size } = statSync(copy);
        const name = `${databaseSection}/${databaseFileName}`;
        yield {
          section: databaseSection,
          name,
          rows: countCopied(copy),
          size,
          chunks: createReadStream(copy),
        };
      },
      [Symbol.asyncDispose]: async () => removeCopy(),
    };
  } catch (error) {
    removeCopy();
    if (error instanceof EngineOpenError) throw error;
    throw new EngineOpenError(`the database ${path} cannot be copied: ${messageOf(error)}`, { cause: error });
  }
}

async function copyDatabase(path: string, copy: string): Promise<void> {
  const source = openReading(path);
  try {
    const version = versionOf(source);
    if (version > migrations.length) {
      throw new EngineOpenError(
        `the data is of version ${version}, written by a newer Twite; this one knows versions up to ${migrations.length}. Upgrade Twite.`,
      );
    }
    // An open read transaction pins one snapshot. Without it, SQLite would restart the copy at every write of the
    // server.
    source.exec('BEGIN');
    source.prepare('SELECT count(*) FROM sqlite_schema').get();
    await backup(source, copy, { rate: pagesAtOnce });
    source.exec('COMMIT');
  } finally {
    source.close();
  }
}

const hasTable = (db: DatabaseSync, name: string): boolean =>
  db.prepare(`SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?`).get(name) !== undefined;

/** Checks the copy, which nobody else uses. */
function describe(copy: string): { schemaVersion: number; hasMedia: boolean } {
  const db = new DatabaseSync(copy);
  try {
    // With WAL, the copy would need two more files.
    db.exec('PRAGMA journal_mode = DELETE');
    // A link that was used since must not become valid again after a restore.
    if (hasTable(db, 'password_resets')) db.exec('PRAGMA secure_delete = ON; DELETE FROM password_resets');
    checkIntegrity(db);
    return { schemaVersion: versionOf(db), hasMedia: hasTable(db, 'media') };
  } finally {
    db.close();
  }
}

function countCopied(copy: string): number {
  const db = new DatabaseSync(copy);
  try {
    return countRows(db);
  } finally {
    db.close();
  }
}
