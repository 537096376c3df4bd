import { randomUUID } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { OperatorError } from '@twite/process/operator-error';

/** Stands for standard input and output on the command line. */
export const standardStream = '-';

/**
 * Opens an archive for writing. A file has a temporary name, and only its owner can read it, until `write` succeeds: a
 * partial archive never looks like a complete one.
 */
export async function writeToArchive<T>(
  destination: string,
  write: (output: Writable) => Promise<T>,
): Promise<T> {
  if (destination === standardStream) {
    if (process.stdout.isTTY) {
      throw new OperatorError(
        'cannot write an archive to a terminal: redirect the output, or give a file name (with `docker compose run`, add -T)',
      );
    }
    try {
      return await write(process.stdout);
    } catch (error) {
      throw asOperatorError(error, 'cannot write to standard output');
    }
  }
  const path = resolve(destination);
  if (existsSync(path))
    throw new OperatorError(`${path} already exists: remove it, or use another file name`);
  const draft = `${path}.${randomUUID()}.partial`;
  try {
    const handle = await open(draft, 'wx', 0o600);
    const result = await write(handle.createWriteStream({ flush: true }));
    await rename(draft, path);
    await using folder = await open(dirname(path), 'r');
    await folder.sync();
    return result;
  } catch (error) {
    await rm(draft, { force: true });
    throw asOperatorError(error, `cannot write ${path}`);
  }
}

/** Opens an archive for reading, from its beginning. */
export function readFromArchive(source: string): Readable {
  return source === standardStream ? process.stdin : createReadStream(resolve(source));
}

/** The operator can fix errors of the file system. */
export function asOperatorError(error: unknown, what: string): unknown {
  const { code, message, syscall } = error as NodeJS.ErrnoException;
  if (code === undefined || syscall === undefined) return error;
  return new OperatorError(`${what}: ${message}`, { cause: error });
}
