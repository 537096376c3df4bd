import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;

/**
 * Creates a folder that only its owner can read, and its missing parents. Does not use `recursive: true`, because Node
 * 24 never returns below /proc, where folders exist but cannot be created. Throws the file system's error.
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
