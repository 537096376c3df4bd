import { open, rename, rm } from 'node:fs/promises';

/**
 * Writes a file that only the user may read. Renamed into place: readers see the old file or the new one, never a
 * partial one.
 */
export async function replaceFile(file: string, content: unknown): Promise<void> {
  const draft = `${file}.${process.pid}.new`;
  const handle = await open(draft, 'w', 0o600);
  try {
    await handle.writeFile(`${JSON.stringify(content, null, 2)}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  try {
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}
