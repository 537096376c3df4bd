import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;

/**
 * Makes a folder, readable to its owner only, and those above it. Not `recursive: true`: below /proc, where folders are
 * but none can be made, Node 24 tries for ever. Throws the file system's error.
 */
export function makeFolder(folder: string): void {
  const make = () => mkdirSync(folder, { mode: 0o700 });
  try {
    make();
  } catch (error) {
    if (codeOf(error) === 'EEXIST' && statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return;
    const parent = dirname(folder);
    if (codeOf(error) !== 'ENOENT' || parent === folder) throw error;
    if (statSync(parent, { throwIfNoEntry: false })) throw error;
    makeFolder(parent);
    make();
  }
}
