import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A separate file system. Disposing unmounts it and removes its folder. */
export interface SmallDisk extends Disposable {
  readonly path: string;
  remount(how: 'ro' | 'rw'): void;
}

/** Mounts a tmpfs, by default on a new folder. Throws if that is not permitted. */
export function mountSmallDisk(
  megabytes: number,
  path = mkdtempSync(join(tmpdir(), 'twite-disk-')),
): SmallDisk {
  mkdirSync(path, { recursive: true });
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', path], { stdio: 'ignore' });
  } catch (error) {
    rmSync(path, { recursive: true });
    throw error;
  }
  return {
    path,
    remount: (how) => execFileSync('mount', ['-o', `remount,${how}`, path]),
    [Symbol.dispose]() {
      // Lazily: open files there end later.
      execFileSync('umount', ['-l', path]);
      rmSync(path, { recursive: true, force: true });
    },
  };
}

/** Whether tests of a full disk can run here. Prints a notice if not. */
export function canMountDisks(): boolean {
  try {
    mountSmallDisk(1)[Symbol.dispose]();
    return true;
  } catch {
    process.stderr.write('skipped: tests of a full disk need permission to mount a tmpfs\n');
    return false;
  }
}
