import { crc32, deflateSync } from 'node:zlib';
import { either, type Files, find, refused, text } from './hostile-file.ts';

export const pngSignature = Buffer.from('89504e470d0a1a0a', 'hex');

export function pngChunk(type: string, data: Buffer): Buffer {
  const chunk = Buffer.alloc(12 + data.length);
  chunk.writeUInt32BE(data.length);
  chunk.write(type, 4, 'latin1');
  data.copy(chunk, 8);
  chunk.writeUInt32BE(crc32(chunk.subarray(4, 8 + data.length)), 8 + data.length);
  return chunk;
}

/** Grey, 8 bits, with arbitrary chunks. */
export function pngOf(width: number, height: number, chunks: readonly Buffer[]): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width);
  header.writeUInt32BE(height, 4);
  header[8] = 8;
  return Buffer.concat([
    pngSignature,
    pngChunk('IHDR', header),
    ...chunks,
    pngChunk('IEND', Buffer.alloc(0)),
  ]);
}

export const greyRows = (width: number, height: number): Buffer =>
  pngChunk('IDAT', deflateSync(Buffer.alloc((width + 1) * height)));

const claims = [
  [0, 0],
  [0, 100],
  [1, 1],
  [1, 60_000],
  [60_000, 1],
  [8_000, 8_000],
  [16_384, 16_384],
  [60_000, 60_000],
  [65_535, 65_535],
] as const;

/** Headers that claim a different size than their pixels have. */
export function claimedSizes(valid: ReadonlyMap<string, Buffer>): Files {
  const of = (name: string): Buffer => Buffer.from(valid.get(name) as Buffer);
  const claim = (width: number, height: number): Files => {
    const isRefused = width * height === 0 || width * height > 50_000_000;
    const make = isRefused ? refused : either;
    const size = `claims ${width} × ${height}`;
    const jpeg = of('baseline.jpg');
    const frame = jpeg.indexOf(Buffer.from([0xff, 0xc0]));
    jpeg.writeUInt16BE(height, frame + 5);
    jpeg.writeUInt16BE(width, frame + 7);
    const gif = of('still.gif');
    gif.writeUInt16LE(width, 6);
    gif.writeUInt16LE(height, 8);
    const gifFrame = of('still.gif');
    const descriptor = find(gifFrame, ',\0\0\0\0');
    gifFrame.writeUInt16LE(width, descriptor + 5);
    gifFrame.writeUInt16LE(height, descriptor + 7);
    const avif = of('plain.avif');
    const extents = find(avif, 'ispe');
    avif.writeUInt32BE(width, extents + 8);
    avif.writeUInt32BE(height, extents + 12);
    const files = [
      make(`PNG ${size}`, pngOf(width, height, [greyRows(8, 8)])),
      make(`JPEG ${size}`, jpeg),
      // Each frame has its own size.
      either(`GIF ${size}`, gif),
      either(`GIF whose frame ${size}`, gifFrame),
      make(`AVIF ${size}`, avif),
    ];
    if (width === 0 || width > 16_383 || height > 16_383) return files;
    const lossy = of('lossy.webp');
    lossy.writeUInt16LE(width, 26);
    lossy.writeUInt16LE(height, 28);
    const lossless = of('lossless.webp');
    lossless.writeUInt32LE(((width - 1) | ((height - 1) << 14)) >>> 0, 21);
    return [...files, make(`WebP ${size}`, lossy), make(`lossless WebP ${size}`, lossless)];
  };
  const canvas = of('animated.webp');
  canvas.writeUIntLE(0xffffff, 24, 3);
  canvas.writeUIntLE(0xffffff, 27, 3);
  return [
    ...claims.flatMap(([width, height]) => claim(width, height)),
    refused('WebP with a canvas of 16,777,216 × 16,777,216', canvas),
    refused('PNG of 4,294,967,295 × 4,294,967,295', pngOf(2 ** 32 - 1, 2 ** 32 - 1, [greyRows(8, 8)])),
  ];
}

/** Small files that decode to many bytes. */
export function bombs(): Files {
  const zeros = Buffer.alloc(64 * 1024 * 1024);
  const zipped = deflateSync(zeros);
  const named = (keyword: string) => Buffer.concat([text(`${keyword}\0\0`), zipped]);
  const row = greyRows(8, 8);
  return [
    either('PNG of 7,000 × 7,000 in 50 KB', pngOf(7_000, 7_000, [greyRows(7_000, 7_000)])),
    either('PNG whose pixels go on for 64 MB', pngOf(8, 8, [pngChunk('IDAT', zipped)])),
    either('PNG with 64 MB of text', pngOf(8, 8, [pngChunk('zTXt', named('Comment')), row])),
    either(
      'PNG with 1,000 times 64 KB of text',
      pngOf(8, 8, [
        ...Array.from({ length: 1_000 }, () =>
          pngChunk('zTXt', Buffer.concat([text('Comment\0\0'), deflateSync(zeros.subarray(0, 65_536))])),
        ),
        row,
      ]),
    ),
    either('PNG with a profile of 64 MB', pngOf(8, 8, [pngChunk('iCCP', named('icc')), row])),
    either(
      'PNG with 100,000 empty chunks',
      pngOf(8, 8, [...Array.from({ length: 100_000 }, () => pngChunk('teSt', Buffer.alloc(0))), row]),
    ),
    either(
      'PNG that says it has 4,294,967,295 frames',
      pngOf(8, 8, [pngChunk('acTL', Buffer.alloc(8, 0xff)), row]),
    ),
  ];
}

function gifOf(frames: number, width: number, height: number, block: Buffer): Buffer {
  const screen = Buffer.alloc(13);
  screen.write('GIF89a', 'latin1');
  screen.writeUInt16LE(width, 6);
  screen.writeUInt16LE(height, 8);
  screen[10] = 0x80;
  const frame = Buffer.alloc(10);
  frame[0] = 0x2c;
  frame.writeUInt16LE(width, 5);
  frame.writeUInt16LE(height, 7);
  const one = Buffer.concat([frame, block]);
  return Buffer.concat([
    screen,
    Buffer.alloc(6, 0x80),
    ...Array.from({ length: frames }, () => one),
    text(';'),
  ]);
}

/** A GIF frame of one pixel; in a larger frame, the rest is missing. */
const onePixel = Buffer.from([2, 2, 0x44, 0x01, 0]);

export function endlessFrames(valid: ReadonlyMap<string, Buffer>): Files {
  const webp = valid.get('animated.webp') as Buffer;
  const first = find(webp, 'ANMF');
  const frame = webp.subarray(first, first + 8 + webp.readUInt32LE(first + 4));
  const manyFrames = (count: number): Buffer => {
    const body = Buffer.concat([webp.subarray(0, first), ...Array.from({ length: count }, () => frame)]);
    body.writeUInt32LE(body.length - 8, 4);
    return body;
  };
  const comment = Buffer.from([0x21, 0xfe, 1, 0x41, 0]);
  const screen = gifOf(0, 1, 1, onePixel).subarray(0, 19);
  return [
    refused('GIF of 501 frames', gifOf(501, 1, 1, onePixel)),
    refused('GIF of 1,000,000 frames', gifOf(1_000_000, 1, 1, onePixel)),
    refused('GIF of 400 frames of 1,000 × 1,000', gifOf(400, 1_000, 1_000, onePixel)),
    refused('GIF of comments', Buffer.concat([screen, Buffer.concat(Array(500_000).fill(comment))])),
    refused(
      'GIF of comments before 10,000 frames',
      Buffer.concat([
        screen,
        Buffer.concat(Array(10_000).fill(comment)),
        gifOf(10_000, 1, 1, onePixel).subarray(19),
      ]),
    ),
    either(
      'GIF whose frame has a million blocks of one byte',
      gifOf(1, 1, 1, Buffer.concat([Buffer.from([2]), Buffer.alloc(2_000_000, 1), Buffer.from([0])])),
    ),
    refused('GIF without a frame', gifOf(0, 100, 100, onePixel)),
    either('GIF of which the end is missing', gifOf(3, 1, 1, onePixel).subarray(0, -1)),
    refused('WebP of 501 frames', manyFrames(501)),
    refused('WebP of 20,000 frames', manyFrames(20_000)),
    either('WebP of 400 frames', manyFrames(400)),
    refused('animated WebP without a frame', manyFrames(0)),
  ];
}

export function segment(marker: number, data: Buffer): Buffer {
  const header = Buffer.from([0xff, marker, 0, 0]);
  header.writeUInt16BE(data.length + 2, 2);
  return Buffer.concat([header, data]);
}

/** An EXIF block with one directory of entries of type, count and value. */
function exif(entries: readonly (readonly [number, number, number, number])[], next = 0): Buffer {
  const directory = Buffer.alloc(2 + entries.length * 12 + 4);
  directory.writeUInt16LE(entries.length);
  for (const [index, [tag, type, count, value]] of entries.entries()) {
    const at = 2 + index * 12;
    directory.writeUInt16LE(tag, at);
    directory.writeUInt16LE(type, at + 2);
    directory.writeUInt32LE(count, at + 4);
    directory.writeUInt32LE(value, at + 8);
  }
  directory.writeUInt32LE(next, directory.length - 4);
  return Buffer.concat([text('Exif\0\0II*\0\x08\0\0\0'), directory]);
}

export function metadataBombs(valid: ReadonlyMap<string, Buffer>): Files {
  const jpeg = valid.get('baseline.jpg') as Buffer;
  const withSegments = (...segments: readonly Buffer[]): Buffer =>
    Buffer.concat([jpeg.subarray(0, 2), ...segments, jpeg.subarray(2)]);
  const full = Buffer.alloc(65_533, 0x41);
  const icc = (index: number, count: number) =>
    segment(
      0xe2,
      Buffer.concat([text('ICC_PROFILE\0'), Buffer.from([index, count]), full.subarray(0, 65_000)]),
    );
  const many = (count: number, make: (index: number) => Buffer) =>
    Array.from({ length: count }, (_, i) => make(i));
  return [
    either(
      'JPEG with 200 full EXIF segments',
      withSegments(...many(200, () => segment(0xe1, Buffer.concat([text('Exif\0\0'), full.subarray(6)])))),
    ),
    either(
      'JPEG with 5,000 empty segments',
      withSegments(...many(5_000, () => segment(0xe1, Buffer.alloc(0)))),
    ),
    either('JPEG with 200 full comments', withSegments(...many(200, () => segment(0xfe, full)))),
    either('JPEG with a profile in 240 parts', withSegments(...many(240, (i) => icc(i + 1, 240)))),
    either('JPEG whose profile has only part 255', withSegments(icc(255, 255))),
    either('JPEG whose profile has part 0 of 0', withSegments(icc(0, 0))),
    either('JPEG whose EXIF directory follows itself', withSegments(segment(0xe1, exif([], 8)))),
    either('JPEG whose EXIF points to itself', withSegments(segment(0xe1, exif([[0x8769, 4, 1, 8]])))),
    either(
      'JPEG whose EXIF has 4,294,967,295 values',
      withSegments(
        segment(
          0xe1,
          exif([
            [0x0112, 3, 2 ** 32 - 1, 8],
            [0x010e, 2, 2 ** 32 - 1, 8],
          ]),
        ),
      ),
    ),
    either('JPEG with orientation 9', withSegments(segment(0xe1, exif([[0x0112, 3, 1, 9]])))),
    either('JPEG with orientation 65,535', withSegments(segment(0xe1, exif([[0x0112, 3, 1, 65_535]])))),
    refused(
      'JPEG of 1,000,000 fill bytes',
      Buffer.concat([jpeg.subarray(0, 2), Buffer.alloc(1_000_000, 0xff)]),
    ),
    refused('JPEG with a segment without length', withSegments(Buffer.from([0xff, 0xe1, 0, 0]))),
    refused('JPEG that ends after its start', Buffer.from('ffd8ffd9', 'hex')),
    refused('JPEG larger than the limit', withSegments(...many(260, () => segment(0xfe, full)))),
  ];
}
