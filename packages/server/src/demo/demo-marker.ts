import { open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * The state of the demo in a data folder. `loading` at a start: the last load was interrupted, and nobody has used the
 * server since. `withoutAvatars`: the server is in use, and some avatars may be missing. `startedAt` is in
 * milliseconds.
 */
export type DemoMarker =
  | { readonly state: 'loading' | 'withoutAvatars'; readonly startedAt: number }
  | { readonly state: 'loaded' }
  | { readonly state: 'declined' };

const fileIn = (dataDir: string): string => join(dataDir, 'demo.json');

/** Undefined: not decided yet. */
export async function readDemoMarker(dataDir: string): Promise<DemoMarker | undefined> {
  try {
    return JSON.parse(await readFile(fileIn(dataDir), 'utf8')) as DemoMarker;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

export async function writeDemoMarker(dataDir: string, marker: DemoMarker): Promise<void> {
  const file = fileIn(dataDir);
  const draft = `${file}.${process.pid}.tmp`;
  await using handle = await open(draft, 'w', 0o600);
  await handle.writeFile(`${JSON.stringify(marker)}\n`);
  await handle.sync();
  // Written atomically, even if the power fails.
  await rename(draft, file);
}
