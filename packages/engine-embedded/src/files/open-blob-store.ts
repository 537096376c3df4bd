import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { open, readdir, rm, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BlobStore } from '@twite/core/media/blob-store';
import type { Log } from '../log.ts';
import { mediaFolderName, partialFolder, restoringFolder } from './blob-folders.ts';
import { makeDurableFolder } from './durable-folder.ts';
import { FileBlobStore } from './file-blob-store.ts';
import { unlessMissing, withFiles } from './file-error.ts';

export interface OpenBlobStore {
  readonly blobs: BlobStore;
  /** Writes and removes a file. Throws the errors of the store. */
  check(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens the objects of a data folder, or a temporary folder that is removed with the process. `alone`: there is no
 * other writer, so the partial files of a crash are removed.
 */
export async function openBlobStore(location: string, alone: boolean, log: Log): Promise<OpenBlobStore> {
  if (location === ':memory:') return openTemporary();
  const root = join(location, mediaFolderName);
  if (alone) await removePartials(root, log);
  return { blobs: new FileBlobStore(root), check: () => checkFolder(root), close: async () => {} };
}

/** A file that cannot be removed only takes space: no reason not to start. */
async function removePartials(root: string, log: Log): Promise<void> {
  const folder = join(root, partialFolder);
  try {
    for (const name of (await unlessMissing(readdir(folder))) ?? []) await unlink(join(folder, name));
    await rm(join(root, restoringFolder), { recursive: true, force: true });
  } catch (err) {
    log({ level: 'warn', msg: 'partial media not removed', folder, err });
  }
}

function checkFolder(root: string): Promise<void> {
  return withFiles(async () => {
    const folder = join(root, partialFolder);
    await makeDurableFolder(folder);
    const path = join(folder, `${randomUUID()}.check`);
    const handle = await open(path, 'wx', 0o600);
    try {
      // An empty file may fit where nothing else does.
      await handle.write('check');
    } finally {
      await handle.close();
      await unlink(path);
    }
  });
}

const temporaryFolders = new Set<string>();

function removeTemporaryFolders(): void {
  for (const folder of temporaryFolders) rmSync(folder, { recursive: true, force: true });
}

/** Media are too large for memory. The folder is created with the first object. */
function openTemporary(): OpenBlobStore {
  const root = join(tmpdir(), `twite-media-${randomUUID()}`);
  if (temporaryFolders.size === 0) process.on('exit', removeTemporaryFolders);
  temporaryFolders.add(root);
  return {
    blobs: new FileBlobStore(root),
    // Writing would create the folder.
    check: async () => {},
    async close() {
      await rm(root, { recursive: true, force: true });
      temporaryFolders.delete(root);
      if (temporaryFolders.size === 0) process.off('exit', removeTemporaryFolders);
    },
  };
}
