import { readdir, rename, stat, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type {
  BlobInfo,
  BlobStore,
  ByteRange,
  ListedBlob,
  NewBlob,
  OpenBlob,
  StoredBlob,
} from '@twite/core/media/blob-store';
import {
  type BlobFolder,
  blobPath,
  foldersOf,
  homeOf,
  keyOf,
  partialFolder,
  requireKey,
  shardPath,
  shards,
} from './blob-folders.ts';
import { makeDurableFolder, syncFolder } from './durable-folder.ts';
import { isMissing, unlessMissing, withFiles } from './file-error.ts';
import { readFileRange } from './read-file.ts';
import { writeWhole } from './write-file.ts';

// Concurrent file system calls of one operation on many objects.
const AT_ONCE = 16;

async function forEachKey(keys: readonly string[], act: (key: string) => Promise<void>): Promise<void> {
  for (let start = 0; start < keys.length; start += AT_ONCE) {
    await Promise.all(keys.slice(start, start + AT_ONCE).map(act));
  }
}

/** Stores objects as files below a folder, which is created with the first object. */
export class FileBlobStore implements BlobStore {
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
  }

  async put(key: string, blob: NewBlob): Promise<void> {
    requireKey(key);
    await writeWhole(join(this.#root, partialFolder), blobPath(this.#root, homeOf(key), key), blob);
  }

  async get(key: string, range?: ByteRange): Promise<OpenBlob | undefined> {
    requireKey(key);
    const path = blobPath(this.#root, homeOf(key), key);
    const info = await withFiles(() => statFile(path));
    if (info === undefined) return undefined;
    return { ...info, content: readFileRange(path, range ?? { start: 0, end: info.bytes - 1 }) };
  }

  async stat(key: string): Promise<StoredBlob | undefined> {
    requireKey(key);
    return withFiles(() => this.#statAnywhere(key));
  }

  async delete(keys: readonly string[]): Promise<void> {
    keys.forEach(requireKey);
    await withFiles(async () => {
      const changed = new Set<string>();
      await forEachKey(keys, async (key) => {
        for (const folder of foldersOf(key)) {
          const path = blobPath(this.#root, folder, key);
          const removed = await unlessMissing(unlink(path).then(() => true));
          if (removed) changed.add(dirname(path));
        }
      });
      await syncAll(changed);
    });
  }

  withhold(keys: readonly string[]): Promise<void> {
    return this.#move(keys, 'served', 'withheld');
  }

  reinstate(keys: readonly string[]): Promise<void> {
    return this.#move(keys, 'withheld', 'served');
  }

  async list({
    after = '',
    limit,
  }: {
    readonly after?: string | undefined;
    readonly limit: number;
  }): Promise<readonly ListedBlob[]> {
    return withFiles(async () => {
      const page: ListedBlob[] = [];
      for await (const key of this.#keysAfter(after)) {
        if (page.length >= limit) break;
        const info = await this.#statAnywhere(key);
        // Objects that are deleted concurrently are not listed.
        if (info !== undefined) page.push({ key, bytes: info.bytes, modifiedAt: info.modifiedAt });
      }
      return page;
    });
  }

  /** Ordered by key, which is also the order of the files. */
  async *#keysAfter(after: string): AsyncGenerator<string> {
    for (const folders of [['served', 'withheld'], ['uploads']] as const) {
      for (const shard of shards) {
        const prefix = `${folders[0] === 'served' ? 'media' : 'uploads'}/${shard}`;
        if (`${prefix}~` <= after) continue;
        const keys = new Set<string>();
        for (const folder of folders) {
          for (const key of await this.#keysIn(folder, shard)) if (key > after) keys.add(key);
        }
        yield* [...keys].sort();
      }
    }
  }

  async #keysIn(folder: BlobFolder, shard: string): Promise<string[]> {
    const names = await unlessMissing(readdir(join(this.#root, folder, shard)));
    return (names ?? []).flatMap((name) => keyOf(folder, shard, name) ?? []);
  }

  async #statAnywhere(key: string): Promise<StoredBlob | undefined> {
    for (const folder of foldersOf(key)) {
      const info = await statFile(blobPath(this.#root, folder, key));
      if (info !== undefined) return { ...info, isWithheld: folder === 'withheld' };
    }
    return undefined;
  }

  async #move(keys: readonly string[], from: BlobFolder, to: BlobFolder): Promise<void> {
    keys.forEach(requireKey);
    await withFiles(async () => {
      const changed = new Set<string>();
      await forEachKey(keys, async (key) => {
        if (homeOf(key) !== 'served') return;
        const [source, target] = [blobPath(this.#root, from, key), blobPath(this.#root, to, key)];
        if ((await statFile(source)) === undefined) return;
        await makeDurableFolder(shardPath(this.#root, to, key));
        const moved = await unlessMissing(rename(source, target).then(() => true));
        if (moved) changed.add(dirname(target)).add(dirname(source));
      });
      await syncAll(changed);
    });
  }
}

async function syncAll(folders: ReadonlySet<string>): Promise<void> {
  for (const folder of folders) await syncFolder(folder);
}

async function statFile(path: string): Promise<BlobInfo | undefined> {
  try {
    const found = await stat(path);
    return { bytes: found.size, modifiedAt: Math.round(found.mtimeMs) };
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}
