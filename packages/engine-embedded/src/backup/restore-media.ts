import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { isMediaSection, type RestoredFile } from '@twite/core/backup/backup-ports';
import { EngineOpenError } from '../engine-open-error.ts';
import {
  blobFolders,
  blobPath,
  foldersOf,
  keyOf,
  mediaFolderName,
  restoringFolder,
  shards,
} from '../files/blob-folders.ts';
import { makeDurableFolder, syncFolder } from '../files/durable-folder.ts';
import { FileBlobStore } from '../files/file-blob-store.ts';
import { unlessMissing } from '../files/file-error.ts';
import { objectOf } from './media-files.ts';

/** Media that are being restored, in a separate folder until they are complete. */
export interface MediaDraft {
  /** Whether it imported the file. */
  write(file: RestoredFile): Promise<boolean>;
  /** Adds the objects to those of the data folder. References to the existing objects stay valid. */
  adopt(): Promise<void>;
  /** Deletes the objects that the new database does not reference. */
  deleteOthers(databasePath: string): Promise<void>;
  discard(): Promise<void>;
}

const LIST_SIZE = 1_000;

export function createMediaDraft(dataDir: string): MediaDraft {
  const root = join(dataDir, mediaFolderName);
  const draft = join(root, restoringFolder);
  return {
    async write({ section, name, chunks }) {
      if (!isMediaSection(section)) return false;
      const object = objectOf(section, name);
      if (object === undefined) throw new EngineOpenError(`the archive holds ${name}, which is no object`);
      const path = blobPath(draft, object.folder, object.key);
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      await using handle = await open(path, 'wx', 0o600);
      for await (const chunk of chunks) await handle.writeFile(chunk);
      await handle.sync();
      return true;
    },
    async adopt() {
      for (const folder of blobFolders) {
        for (const shard of shards) {
          const names = (await unlessMissing(readdir(join(draft, folder, shard)))) ?? [];
          if (names.length === 0) continue;
          await makeDurableFolder(join(root, folder, shard));
          for (const name of names) {
            const key = keyOf(folder, shard, name);
            if (key === undefined) continue;
            await rename(join(draft, folder, shard, name), blobPath(root, folder, key));
            // The same object, which had another state here.
            for (const other of foldersOf(key).filter((each) => each !== folder))
              await rm(blobPath(root, other, key), { force: true });
          }
          await syncFolder(join(root, folder, shard));
        }
      }
    },
    async deleteOthers(databasePath) {
      const blobs = new FileBlobStore(root);
      const db = new DatabaseSync(databasePath, { readOnly: true });
      try {
        const hasMedia = db.prepare(`SELECT 1 FROM sqlite_schema WHERE name = 'media_keys'`).get();
        const isKnown = hasMedia && db.prepare('SELECT 1 FROM media_keys WHERE key = ?');
        for (let after: string | undefined; ; ) {
          const page = await blobs.list({ after, limit: LIST_SIZE });
          const unknown = page.filter(({ key }) => isKnown?.get(key) === undefined);
          await blobs.delete(unknown.map(({ key }) => key));
          if (page.length < LIST_SIZE) return;
          after = page.at(-1)?.key;
        }
      } finally {
        db.close();
      }
    },
    discard: () => rm(draft, { recursive: true, force: true }),
  };
}
