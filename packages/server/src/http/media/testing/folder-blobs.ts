import { createReadStream } from 'node:fs';
import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { BlobStore } from '@twite/core/media/blob-store';

/** Objects as files below a folder: the part of a blob store that serving needs. */
export function folderBlobs(folder: string): Pick<BlobStore, 'get' | 'stat'> &
  Pick<BlobStore, 'delete' | 'withhold' | 'reinstate'> & {
    add(key: string, content: Uint8Array): Promise<void>;
  } {
  const pathOf = (key: string): string => join(folder, 'served', key);
  const withheldPathOf = (key: string): string => join(folder, 'withheld', key);
  const infoAt = async (path: string) => {
    const found = await stat(path).catch(() => undefined);
    return found && { bytes: found.size, modifiedAt: found.mtimeMs };
  };
  return {
    async add(key, content) {
      await mkdir(dirname(pathOf(key)), { recursive: true });
      await mkdir(dirname(withheldPathOf(key)), { recursive: true });
      await writeFile(pathOf(key), content);
    },
    async stat(key) {
      const served = await infoAt(pathOf(key));
      const found = served ?? (await infoAt(withheldPathOf(key)));
      return found && { ...found, isWithheld: served === undefined };
    },
    async get(key, range) {
      const found = await infoAt(pathOf(key));
      return found && { ...found, content: createReadStream(pathOf(key), range) };
    },
    async delete(keys) {
      for (const key of keys) await rm(pathOf(key), { force: true });
    },
    async withhold(keys) {
      for (const key of keys) await rename(pathOf(key), withheldPathOf(key));
    },
    async reinstate(keys) {
      for (const key of keys) await rename(withheldPathOf(key), pathOf(key));
    },
  };
}
