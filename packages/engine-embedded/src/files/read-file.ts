import { type FileHandle, open } from 'node:fs/promises';
import type { ByteRange } from '@twite/core/media/blob-store';
import { toBlobError } from './file-error.ts';

const CHUNK_BYTES = 128 * 1024;

/**
 * The bytes of a range of a file. The file is opened at the first read, so that an unused iterator leaves nothing open.
 * It is closed at the end, on an error, and by `return()`.
 */
export function readFileRange(path: string, { start, end }: ByteRange): AsyncIterable<Uint8Array> {
  return {
    [Symbol.asyncIterator]() {
      let handle: FileHandle | undefined;
      let position = start;
      let ended = false;
      // Calls of `next` and `return` may overlap: each waits for the previous one.
      let last: Promise<unknown> = Promise.resolve();
      const inTurn = <T>(act: () => Promise<T>): Promise<T> => {
        const turn = last.then(act);
        last = turn.catch(() => {});
        return turn;
      };
      const close = async () => {
        ended = true;
        const open = handle;
        handle = undefined;
        await open?.close();
      };
      const readNext = async (): Promise<IteratorResult<Uint8Array>> => {
        if (ended) return { done: true, value: undefined };
        handle ??= await open(path, 'r');
        const chunk = Buffer.allocUnsafeSlow(Math.min(CHUNK_BYTES, end + 1 - position));
        const { bytesRead } = await handle.read(chunk, 0, chunk.length, position);
        if (bytesRead === 0) throw new Error(`${path} is shorter than it was`);
        position += bytesRead;
        if (position > end) await close();
        return { done: false, value: chunk.subarray(0, bytesRead) };
      };
      if (start > end) ended = true;
      return {
        next: () =>
          inTurn(async () => {
            try {
              return await readNext();
            } catch (error) {
              await close().catch(() => {});
              throw toBlobError(error);
            }
          }),
        return: () =>
          inTurn(async () => {
            await close();
            return { done: true, value: undefined };
          }),
      };
    },
  };
}
