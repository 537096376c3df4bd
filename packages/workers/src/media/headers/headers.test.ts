import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { detectFormat, type ImageFormat } from '../detect-format.ts';
import { type HeaderReader, MalformedHeader, readHeaderOf } from './header-reader.ts';
import type { ImageHeader } from './image-header.ts';
import { readAvifHeader } from './read-avif-header.ts';
import { readGifHeader } from './read-gif-header.ts';
import { readJpegHeader } from './read-jpeg-header.ts';
import { readPngHeader } from './read-png-header.ts';
import { readWebpHeader } from './read-webp-header.ts';

const framesMax = 20;

const readers: Readonly<Record<ImageFormat, (reader: HeaderReader) => Promise<ImageHeader>>> = {
  jpeg: readJpegHeader,
  png: readPngHeader,
  webp: (reader) => readWebpHeader(reader, framesMax),
  gif: (reader) => readGifHeader(reader, framesMax),
  avif: readAvifHeader,
};

/** Counts a parser's reads: it must not read forever. */
function readBytes(bytes: Buffer): HeaderReader & { readonly reads: number } {
  let reads = 0;
  return {
    get reads() {
      return reads;
    },
    size: bytes.length,
    async read(position, length) {
      reads += 1;
      if (position + length > bytes.length) throw new MalformedHeader('it ends early');
      return bytes.subarray(position, position + length);
    },
  };
}

const formats = Object.keys(readers) as ImageFormat[];

const encode = (format: ImageFormat, width: number, height: number): Promise<Buffer> => {
  const image = sharp({ create: { width, height, channels: 3, background: '#123456' } });
  return (format === 'avif' ? image.avif({ effort: 0 }) : image[format]()).toBuffer();
};

describe.each(formats)('the header of %s', (format) => {
  let sample: Buffer;
  beforeAll(async () => {
    sample = await encode(format, 40, 30);
  });

  test('gives the same size as a decoder', async () => {
    for (const [width, height] of [
      [1, 1],
      [2, 1],
      [3, 300],
      [257, 64],
      [1_025, 17],
    ] as const) {
      const bytes = await encode(format, width, height);
      expect(detectFormat(bytes)).toBe(format);
      const header = await readers[format](readBytes(bytes));
      expect(header).toMatchObject({ width, height, frames: 1 });
      expect(header.largestPixels).toBeGreaterThanOrEqual(width * height);
    }
  });

  test('gives a size or an error if damaged, after a bounded number of reads', async () => {
    const change = fc.record({ at: fc.nat(), value: fc.integer({ min: 0, max: 255 }) });
    await fc.assert(
      fc.asyncProperty(fc.array(change, { maxLength: 12 }), fc.nat(), async (changes, cut) => {
        const bytes = Buffer.from(sample);
        for (const { at, value } of changes) bytes[at % bytes.length] = value;
        const reader = readBytes(bytes.subarray(0, cut % 3 === 0 ? cut % bytes.length : bytes.length));
        try {
          const { width, height, frames } = await readers[format](reader);
          for (const value of [width, height, frames]) expect(Number.isSafeInteger(value)).toBe(true);
          expect(frames).toBeLessThanOrEqual(framesMax + 1);
        } catch (error) {
          // A RangeError: a number in the file led a parser beyond the bytes that it had read.
          expect(error instanceof MalformedHeader || error instanceof RangeError, String(error)).toBe(true);
        }
        expect(reader.reads).toBeLessThan(5_000);
      }),
      { numRuns: 1_000 },
    );
  });

  test('with any bytes after the magic is bounded too', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 2_000 }), async (rest) => {
        const reader = readBytes(Buffer.concat([sample.subarray(0, 12), rest]));
        await readers[format](reader).catch((error: unknown) => {
          expect(error instanceof MalformedHeader || error instanceof RangeError, String(error)).toBe(true);
        });
        expect(reader.reads).toBeLessThan(5_000);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('reading a file', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'twite-header-'));
  });
  afterAll(async () => rm(folder, { recursive: true }));

  test('returns the bytes at any position, across read boundaries', async () => {
    const bytes = Buffer.from(Array.from({ length: 200_000 }, (_, index) => (index * 7) % 256));
    const path = join(folder, 'bytes');
    await writeFile(path, bytes);
    await using file = await open(path);
    const reader = readHeaderOf(file, bytes.length);
    await fc.assert(
      fc.asyncProperty(fc.nat(200_000), fc.nat(65_536), async (position, length) => {
        const read = reader.read(position, length);
        if (position + length > bytes.length) await expect(read).rejects.toThrow(MalformedHeader);
        else expect((await read).equals(bytes.subarray(position, position + length))).toBe(true);
      }),
      { numRuns: 1_000 },
    );
    await expect(reader.read(0, 65_537)).rejects.toThrow(MalformedHeader);
  });
});
