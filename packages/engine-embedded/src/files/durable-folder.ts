import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isMissing, isThere } from './file-error.ts';

/** Makes what was renamed or removed in a folder last through a crash of the machine. */
export async function syncFolder(folder: string): Promise<void> {
  await using handle = await open(folder, 'r');
  await handle.sync();
}

/** Makes a folder, for its owner only, and those above it; lasting, as the files in them must be. */
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
