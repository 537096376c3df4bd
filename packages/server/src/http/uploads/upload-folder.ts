import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ContractError } from '@twite/contract';
import { openWorkFolder } from '@twite/process/work-folder';

/** The files of one upload. */
export interface Spool {
  /** The path of a new file, which does not exist yet. */
  newPath(): Promise<string>;
  /** Removes the files. Nothing may write to them any more. */
  remove(): Promise<void>;
}

/** The folder of this process's uploads in progress. */
export interface UploadFolder extends AsyncDisposable {
  /** Throws `overloaded` when too many uploads are on disk already. */
  newSpool(): Spool;
}

export interface UploadFolderOptions {
  /** The maximum number of uploads on disk at once. */
  readonly uploadsMax?: number;
}

const uploadsMaxDefault = 256;
const overloadedRetrySeconds = 5;

/** Creates a folder for this process below `parent`, and removes leftovers of killed processes. */
export async function openUploadFolder(
  parent: string,
  { uploadsMax = uploadsMaxDefault }: UploadFolderOptions = {},
): Promise<UploadFolder> {
  const work = await openWorkFolder(parent);
  let spoolCount = 0;
  return {
    newSpool() {
      if (spoolCount >= uploadsMax) {
        throw new ContractError('overloaded', { retryAfterSeconds: overloadedRetrySeconds });
      }
      spoolCount += 1;
      let removing: Promise<void> | undefined;
      let making: Promise<string> | undefined;
      let count = 0;
      const remove = async (): Promise<void> => {
        try {
          if (making !== undefined) await rm(await making, { recursive: true, force: true });
        } finally {
          spoolCount -= 1;
        }
      };
      return {
        async newPath() {
          making ??= work.makeFolder();
          count += 1;
          const name = String(count);
          return join(await making, name);
        },
        remove() {
          removing ??= remove();
          return removing;
        },
      };
    },
    [Symbol.asyncDispose]: () => work[Symbol.asyncDispose](),
  };
}
