import { randomFillSync } from 'node:crypto';
import { crc32, deflateSync } from 'node:zlib';

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, checksum]);
}

/** A square PNG with 3 bytes a pixel, not compressed. */
function squarePng(side: number, fill: (pixels: Buffer) => void): Buffer<ArrayBuffer> {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  // 8 bits of red, green and blue.
  header.set([8, 2], 8);
  const rowBytes = 1 + side * 3;
  const pixels = Buffer.alloc(side * rowBytes);
  fill(pixels);
  // No row has a filter.
  for (let row = 0; row < side; row++) pixels[row * rowBytes] = 0;
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(pixels, { level: 0 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** Noise, which stays large whatever it is encoded as. */
export const noisePng = (side: number) => squarePng(side, (pixels) => randomFillSync(pixels));

/** Colours that change slowly, which is little work to encode: what an upload costs beside that. */
export const gradientPng = (side: number) =>
  squarePng(side, (pixels) => {
    for (let index = 0; index < pixels.length; index++) pixels[index] = (index / pixels.length) * 255;
  });
