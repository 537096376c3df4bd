import type { FileHandle } from 'node:fs/promises';

/** Thrown for a header that ends early or contradicts itself. */
export class MalformedHeader extends Error {
  override readonly name = 'MalformedHeader';
}

const windowBytes = 65_536;

/** The source of a header parser. A read beyond the end throws `MalformedHeader`. */
export interface HeaderReader {
  readonly size: number;
  /** At most 64 KiB at once. */
  read(position: number, length: number): Promise<Buffer>;
}

/** Reads a file in blocks of 64 KiB, and keeps one of them. */
export function readHeaderOf(file: FileHandle, size: number): HeaderReader {
  let start = 0;
  let window = Buffer.alloc(0);
  return {
    size,
    async read(position, length) {
      if (length > windowBytes || position + length > size) throw new MalformedHeader('it ends early');
      if (position < start || position + length > start + window.length) {
        const buffer = Buffer.allocUnsafe(Math.min(windowBytes, size - position));
        const { bytesRead } = await file.read(buffer, 0, buffer.length, position);
        start = position;
        window = buffer.subarray(0, bytesRead);
        if (bytesRead < length) throw new MalformedHeader('it ends early');
      }
      return window.subarray(position - start, position - start + length);
    },
  };
}
