import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isMissing, isThere } from './file-error.ts';

/** Makes renames and removals in a folder survive a crash of the machine. */
export async function syncFolder(folder: string): Promise<void> {
  await using handle = await open(folder, 'r');
  await handle.sync();
}

/** Creates a folder for its owner only, and its missing parents. Durable, as required for the files in them. */
export async function makeDurableFolder(folder: string): Promise<void> {
  const parent = dirname(folder);
  try {
    await mkdir(folder, { mode: 0o700 });
  } catch (error) {
    if (isThere(error)) return;
    if (!isMissing(error) || parent === folder) throw error;
    await makeDurableFolder(parent);
    await makeDurableFolder(folder);
    return;
  }
  await syncFolder(parent);
}
