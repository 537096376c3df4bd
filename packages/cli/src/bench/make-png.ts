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

/** An uncompressed square PNG with 3 bytes per pixel. */
function squarePng(side: number, fill: (pixels: Buffer) => void): Buffer<ArrayBuffer> {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  // 8 bits of red, green and blue.
  header.set([8, 2], 8);
  const rowBytes = 1 + side * 3;
  const pixels = Buffer.alloc(side * rowBytes);
  fill(pixels);
  // Rows have no filter.
  for (let row = 0; row < side; row++) pixels[row * rowBytes] = 0;
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(pixels, { level: 0 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** Noise, which stays large in any encoding. */
export const noisePng = (side: number) => squarePng(side, (pixels) => randomFillSync(pixels));

/** A gradient, which is cheap to encode: measures the other costs of an upload. */
export const gradientPng = (side: number) =>
  squarePng(side, (pixels) => {
    for (let index = 0; index < pixels.length; index++) pixels[index] = (index / pixels.length) * 255;
  });
