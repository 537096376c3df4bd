import { randomUUID } from 'node:crypto';
import { type FileHandle, open, rename, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { NewBlob } from '@twite/core/media/blob-store';
import { makeDurableFolder, syncFolder } from './durable-folder.ts';
import { isMissing, withFiles } from './file-error.ts';

async function writeAll(handle: FileHandle, chunk: Uint8Array): Promise<void> {
  let written = 0;
  while (written < chunk.length) {
    const { bytesWritten } = await handle.write(chunk, written, chunk.length - written);
    written += bytesWritten;
  }
}

/** Streams the content chunk by chunk. Errors of the source are thrown unchanged. */
async function fill(handle: FileHandle, blob: NewBlob): Promise<void> {
  let written = 0;
  for await (const chunk of blob.open()) {
    written += chunk.length;
    if (written > blob.bytes) break;
    await withFiles(() => writeAll(handle, chunk));
  }
  if (written !== blob.bytes) {
    const found = written > blob.bytes ? 'more' : `${written}`;
    throw new Error(`the content has ${found} bytes, not ${blob.bytes}`);
  }
}

async function createPartial(folder: string): Promise<{ path: string; handle: FileHandle }> {
  const path = join(folder, `${randomUUID()}.part`);
  const create = () => open(path, 'wx', 0o600);
  try {
    return { path, handle: await create() };
  } catch (error) {
    if (!isMissing(error)) throw error;
    await makeDurableFolder(folder);
    return { path, handle: await create() };
  }
}

async function moveInto(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if (!isMissing(error)) throw error;
    await makeDurableFolder(dirname(to));
    await rename(from, to);
  }
  await syncFolder(dirname(to));
}

/** Writes a file atomically: it exists completely, or not at all. */
export async function writeWhole(partials: string, path: string, blob: NewBlob): Promise<void> {
  const partial = await withFiles(() => createPartial(partials));
  try {
    try {
      await fill(partial.handle, blob);
      await withFiles(() => partial.handle.sync());
    } finally {
      await partial.handle.close();
    }
    await withFiles(() => moveInto(partial.path, path));
  } catch (error) {
    // If this fails too, the engine removes it when it is opened.
    await unlink(partial.path).catch(() => {});
    throw error;
  }
}
