import { type FileHandle, open } from 'node:fs/promises';
import { blobPath, foldersOf } from './blob-folders.ts';
import { unlessMissing } from './file-error.ts';

const CHUNK_BYTES = 256 * 1024;

/** An object's file. It stays readable until this is disposed, even if it is deleted meanwhile. */
export interface OpenObject extends AsyncDisposable {
  readonly key: string;
  readonly bytes: number;
  readonly isWithheld: boolean;
  open(): AsyncIterable<Uint8Array>;
}

async function* readAll(handle: FileHandle, bytes: number): AsyncGenerator<Uint8Array> {
  for (let position = 0; position < bytes; ) {
    const chunk = Buffer.allocUnsafeSlow(Math.min(CHUNK_BYTES, bytes - position));
    const { bytesRead } = await handle.read(chunk, 0, chunk.length, position);
    if (bytesRead === 0) throw new Error('a media file is shorter than it was');
    position += bytesRead;
    yield chunk.subarray(0, bytesRead);
  }
}

/** Undefined if the object does not exist. */
export async function openObject(root: string, key: string): Promise<OpenObject | undefined> {
  const folders = foldersOf(key);
  // Tries twice: it may be withheld or reinstated between two attempts.
  for (const folder of [...folders, ...folders]) {
    const handle = await unlessMissing(open(blobPath(root, folder, key), 'r'));
    if (handle === undefined) continue;
    try {
      const { size } = await handle.stat();
      return {
        key,
        bytes: size,
        isWithheld: folder === 'withheld',
        open: () => readAll(handle, size),
        [Symbol.asyncDispose]: () => handle.close(),
      };
    } catch (error) {
      await handle.close();
      throw error;
    }
  }
  return undefined;
}
