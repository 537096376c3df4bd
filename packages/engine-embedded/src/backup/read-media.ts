import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { BackupFile } from '@twite/core/backup/backup-ports';
import type { MediaRecord } from '@twite/core/media/media-record';
import { mediaFolderName } from '../files/blob-folders.ts';
import { type OpenObject, openObject } from '../files/open-object.ts';
import { openReading } from '../sqlite/connection.ts';
import { findRecord, refreshRecord, removeRecord } from './complete-media.ts';
import { databaseFileName } from './database-file.ts';
import { archived } from './media-files.ts';

const PAGE_SIZE = 100;

/** The objects that clients see or that a job needs. Other objects of a record may be missing. */
const neededKeys = ({ main, variants, sourceKey }: MediaRecord): Set<string> =>
  new Set([...variants.map(({ key }) => key), main?.key, sourceKey].filter((key) => key != null));

/**
 * Opens all objects of a medium at once, so that none disappears while others are read. Undefined if one is missing.
 */
async function openObjects(root: string, record: MediaRecord): Promise<OpenObject[] | undefined> {
  await using opened = new AsyncDisposableStack();
  const objects: OpenObject[] = [];
  const needed = neededKeys(record);
  for (const key of new Set([...needed, ...record.keys])) {
    const object = await openObject(root, key);
    if (object !== undefined) objects.push(opened.use(object));
    else if (needed.has(key)) return undefined;
  }
  opened.move();
  return objects;
}

/**
 * The objects of every published medium in a copy of the database. The instance may keep running: a medium whose
 * objects were deleted since the copy is updated in the copy, or removed from it and from whatever held it. So nothing
 * in the copy refers to an object that is not in the archive.
 */
export async function* readMedia(dataDir: string, copyPath: string): AsyncGenerator<BackupFile> {
  const root = join(dataDir, mediaFolderName);
  const copy = new DatabaseSync(copyPath);
  const live = openReading(join(dataDir, databaseFileName));
  try {
    const page = copy.prepare(
      `SELECT media_id AS mediaId FROM media WHERE media_id > ? AND state IN ('processing', 'ready', 'failed')
       ORDER BY media_id LIMIT ${PAGE_SIZE}`,
    );
    for (let after = ''; ; ) {
      const mediaIds = page.all(after).map(({ mediaId }) => String(mediaId));
      for (const mediaId of mediaIds) {
        const record = findRecord(copy, mediaId);
        if (record === undefined) continue;
        const objects = await openComplete(root, copy, live, record);
        await using held = new AsyncDisposableStack();
        for (const object of objects) held.use(object);
        for (const object of objects) {
          yield { ...archived(object), rows: 1, size: object.bytes, chunks: object.open() };
        }
      }
      const last = mediaIds.at(-1);
      if (last === undefined) return;
      after = last;
    }
  } finally {
    live.close();
    copy.close();
  }
}

async function openComplete(
  root: string,
  copy: DatabaseSync,
  live: DatabaseSync,
  record: MediaRecord,
): Promise<OpenObject[]> {
  const objects = await openObjects(root, record);
  if (objects !== undefined) return objects;
  const fresh = refreshRecord(copy, live, record.mediaId);
  const again = fresh && (await openObjects(root, fresh));
  if (again !== undefined) return again;
  removeRecord(copy, record);
  return [];
}
