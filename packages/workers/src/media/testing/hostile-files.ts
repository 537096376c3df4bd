import { crc32, deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { makeVideo } from './make-video.ts';

export interface HostileFile {
  readonly name: string;
  readonly bytes: Buffer;
  /** `refused`: nothing else will do. Otherwise a sane picture is as good. */
  readonly expected: 'refused' | 'refusedOrSane';
}

type Files = HostileFile[];

const refused = (name: string, bytes: Buffer): HostileFile => ({ name, bytes, expected: 'refused' });
const either = (name: string, bytes: Buffer): HostileFile => ({ name, bytes, expected: 'refusedOrSane' });

/** Valid files of every format, small enough to be damaged in many ways. */
async function makeValid(): Promise<ReadonlyMap<string, Buffer>> {
  const data = Buffer.from(Array.from({ length: 64 * 48 * 3 }, (_, index) => (index * index) % 251));
  const image = () => sharp(data, { raw: { width: 64, height: 48, channels: 3 } });
  const frames = await Promise.all(
    [0, 90, 180, 270].map((angle) => image().resize(48, 48).rotate(angle).png().toBuffer()),
  );
  const animation = () => sharp(frames, { join: { animated: true } });
  return new Map([
    ['baseline.jpg', await image().jpeg().toBuffer()],
    ['progressive.jpg', await image().jpeg({ progressive: true }).toBuffer()],
    ['plain.png', await image().png().toBuffer()],
    ['interlaced.png', await image().png({ progressive: true }).toBuffer()],
    ['lossy.webp', await image().webp().toBuffer()],
    ['lossless.webp', await image().webp({ lossless: true }).toBuffer()],
    ['animated.webp', await animation().webp().toBuffer()],
    ['still.gif', await image().gif().toBuffer()],
    ['animated.gif', await animation().gif().toBuffer()],
    ['plain.avif', await image().avif({ effort: 0 }).toBuffer()],
    ['video.mp4', await makeVideo({ format: 'mp4', seconds: 1 })],
    ['fast-start.mp4', await makeVideo({ format: 'mp4', seconds: 1, tablesFirst: true })],
    ['video.webm', await makeVideo({ format: 'webm', seconds: 1 })],
  ]);
}

/** A small generator with a seed: the corpus is the same in every run. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const shares = [0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.9, 0.97, 0.99];

const truncated = (valid: ReadonlyMap<string, Buffer>): Files =>
  [...valid].flatMap(([name, bytes]) =>
    [...shares.map((share) => Math.floor(bytes.length * share)), bytes.length - 1, 12, 30].map((length) =>
      either(`${name} of which ${length} bytes are left`, bytes.subarray(0, length)),
    ),
  );

const damaged = (valid: ReadonlyMap<string, Buffer>): Files =>
  [...valid].flatMap(([name, bytes], file) =>
    [1, 4, 16, 64, 256].map((changes) => {
      const random = randomFrom(file * 1_000 + changes);
      const copy = Buffer.from(bytes);
      for (let index = 0; index < changes; index++) {
        // Not the magic, which would only be another case of wrong magic; mostly the header.
        const at = 12 + Math.floor(random() ** 2 * (copy.length - 12));
        copy[at] = Math.floor(random() * 256);
      }
      return either(`${name} with ${changes} changed bytes`, copy);
    }),
  );

const wrongMagic = (valid: ReadonlyMap<string, Buffer>): Files =>
  [...valid].flatMap(([name, bytes]) => {
    const zeroed = Buffer.from(bytes).fill(0, 0, 12);
    const shifted = Buffer.concat([Buffer.from('\n'), bytes]);
    return [refused(`${name} without its magic`, zeroed), refused(`${name} after a newline`, shifted)];
  });

const text = (content: string): Buffer => Buffer.from(content, 'latin1');

async function otherFormats(): Promise<Files> {
  const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>alert(1)</script></svg>';
  const plain = sharp({ create: { width: 9, height: 9, channels: 3, background: '#123' } });
  return [
    refused('empty', Buffer.alloc(0)),
    refused('one byte', Buffer.from([0xff])),
    refused('zeros', Buffer.alloc(100_000)),
    refused('SVG', text(svg)),
    refused('SVG with a declaration', text(`<?xml version="1.0"?>${svg}`)),
    refused('SVG with a byte order mark', text(`\xef\xbb\xbf${svg}`)),
    refused('HTML', text('<!doctype html><script>alert(1)</script>')),
    refused('PDF', text('%PDF-1.7\n1 0 obj\n<<>>\nendobj\n')),
    refused('PostScript', text('%!PS-Adobe-3.0\nshowpage\n')),
    refused('ImageMagick script', text('push graphic-context\nimage over 0,0 0,0 "https://example.com"\n')),
    refused('JavaScript', text('alert(1)')),
    refused('ZIP', text('PK\x03\x04\x14\0\0\0')),
    refused('ELF', text('\x7fELF\x02\x01\x01')),
    refused('Windows program', text('MZ\x90\0\x03')),
    refused('shell script', text('#!/bin/sh\nid\n')),
    refused('BMP', text(`BM${'\0'.repeat(60)}`)),
    refused('icon', text('\0\0\x01\0\x01\0\x10\x10\0\0\x01\0\x20\0')),
    refused('Photoshop', text('8BPS\0\x01\0\0\0\0\0\0\0\x03')),
    refused('JPEG 2000', text('\0\0\0\x0cjP  \r\n\x87\n')),
    refused('JPEG XL', text('\xff\x0a\xfa\x7f\x01')),
    refused('Radiance', text('#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y 9 +X 9\n')),
    refused('Netpbm', text('P6 9 9 255\n')),
    refused('TIFF', await plain.clone().tiff().toBuffer()),
    refused('HEIC', text('\0\0\0\x18ftypheic\0\0\0\0mif1heic')),
    refused('QuickTime', text('\0\0\0\x14ftypqt  \0\0\0\0qt  ')),
    refused('Matroska', text('\x1a\x45\xdf\xa3\x93\x42\x82\x88matroska')),
    refused('AVI', text('RIFF\0\0\0\0AVI LIST')),
    refused('WAV', text('RIFF\0\0\0\0WAVEfmt ')),
    refused('FLV', text('FLV\x01\x05\0\0\0\x09')),
    refused('MP3', text('ID3\x03\0\0\0\0\0\0')),
    refused('Ogg', text('OggS\0\x02')),
  ];
}

const pngSignature = Buffer.from('89504e470d0a1a0a', 'hex');

function pngChunk(type: string, data: Buffer): Buffer {
  const chunk = Buffer.alloc(12 + data.length);
  chunk.writeUInt32BE(data.length);
  chunk.write(type, 4, 'latin1');
  data.copy(chunk, 8);
  chunk.writeUInt32BE(crc32(chunk.subarray(4, 8 + data.length)), 8 + data.length);
  return chunk;
}

/** Grey, 8 bits, with chunks of choice. */
function pngOf(width: number, height: number, chunks: readonly Buffer[]): Buffer {
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

const greyRows = (width: number, height: number): Buffer =>
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

const find = (bytes: Buffer, needle: string): number => bytes.indexOf(needle, 0, 'latin1');

/** Headers that claim another size than the pixels behind them have. */
function claimedSizes(valid: ReadonlyMap<string, Buffer>): Files {
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
      // Each frame brings a size of its own.
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

/** Few bytes that become many. */
function bombs(): Files {
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

/** A GIF frame of one pixel; of a larger one, the rest is missing. */
const onePixel = Buffer.from([2, 2, 0x44, 0x01, 0]);

function endlessFrames(valid: ReadonlyMap<string, Buffer>): Files {
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

function segment(marker: number, data: Buffer): Buffer {
  const header = Buffer.from([0xff, marker, 0, 0]);
  header.writeUInt16BE(data.length + 2, 2);
  return Buffer.concat([header, data]);
}

/** An EXIF block with one directory: entries of type, count and value. */
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

function metadataBombs(valid: ReadonlyMap<string, Buffer>): Files {
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

/** Files that are two things at once. */
function polyglots(valid: ReadonlyMap<string, Buffer>): Files {
  const html = text('<!doctype html><script>alert(document.domain)</script>');
  const zip = text('PK\x03\x04\x14\0\0\0\x08\0PK\x05\x06');
  const appended = [...valid].flatMap(([name, bytes]) => [
    either(`${name} with HTML behind it`, Buffer.concat([bytes, html])),
    either(`${name} with ZIP behind it`, Buffer.concat([bytes, zip])),
  ]);
  const jpeg = valid.get('baseline.jpg') as Buffer;
  return [
    ...appended,
    refused('HTML with JPEG behind it', Buffer.concat([html, jpeg])),
    either(
      'JPEG with HTML in a comment',
      Buffer.concat([jpeg.subarray(0, 2), segment(0xfe, html), jpeg.subarray(2)]),
    ),
    refused('GIF that is JavaScript', text('GIF89a/*\0\0\0\0*/=1;alert(1)//')),
    refused('JPEG that is HTML', Buffer.concat([Buffer.from('ffd8ffe0', 'hex'), html])),
    refused('PNG that is PHP', Buffer.concat([pngSignature, text('<?php system($_GET["c"]); ?>')])),
    either(
      'PNG with PHP in its text',
      pngOf(8, 8, [pngChunk('tEXt', text('Comment\0<?php id(); ?>')), greyRows(8, 8)]),
    ),
    refused('WebP that is HTML', Buffer.concat([text('RIFF\0\0\0\0WEBP'), html])),
    refused('AVIF that is HTML', Buffer.concat([text('\0\0\0\x18ftypavif\0\0\0\0avifmif1'), html])),
    refused('MP4 that is HTML', Buffer.concat([text('\0\0\0\x18ftypisom\0\0\0\0isommp41'), html])),
    refused('WebM that is HTML', Buffer.concat([text('\x1a\x45\xdf\xa3\x87\x42\x82\x84webm'), html])),
  ];
}

const box = (type: string, ...content: readonly Buffer[]): Buffer => {
  const body = Buffer.concat(content);
  const header = Buffer.alloc(8);
  header.writeUInt32BE(body.length + 8);
  header.write(type, 4, 'latin1');
  return Buffer.concat([header, body]);
};

const fileType = box('ftyp', text('isom\0\0\x02\0isomavc1mp41'));

function nested(types: readonly string[], depth: number): Buffer {
  // From the outside, so that each level does not copy all those within it.
  const headers: Buffer[] = [];
  for (let level = 0; level < depth; level++) {
    const header = Buffer.alloc(8);
    header.writeUInt32BE((depth - level) * 8);
    header.write(types[level % types.length] as string, 4, 'latin1');
    headers.push(header);
  }
  return Buffer.concat(headers);
}

/** A box whose type follows `needle`'s, with one number of its content replaced. */
function withNumber(bytes: Buffer, type: string, offset: number, value: number): Buffer {
  const copy = Buffer.from(bytes);
  for (let at = find(copy, type); at >= 0; at = copy.indexOf(type, at + 4, 'latin1'))
    copy.writeUInt32BE(value, at + 4 + offset);
  return copy;
}

function videoBoxes(valid: ReadonlyMap<string, Buffer>): Files {
  const mp4 = valid.get('fast-start.mp4') as Buffer;
  const max = 2 ** 32 - 1;
  const tables = ['stts', 'stsz', 'stsc', 'stco', 'stss', 'elst'];
  const counts = tables.flatMap((type) =>
    [max, 0x7fffffff, 0x00ffffff].map((count) =>
      either(`MP4 whose ${type} has ${count} entries`, withNumber(mp4, type, type === 'stsz' ? 8 : 4, count)),
    ),
  );
  const sizes = ['moov', 'trak', 'mdia', 'stbl', 'mdat', 'stsd', 'avc1', 'avcC'].flatMap((type) =>
    [0, 1, 7, 0x7fffffff, max].map((size) => {
      const copy = Buffer.from(mp4);
      // The last one: the first may be a brand.
      copy.writeUInt32BE(size, copy.lastIndexOf(type, copy.indexOf('mdat'), 'latin1') - 4);
      return either(`MP4 whose ${type} is ${size} bytes long`, copy);
    }),
  );
  return [
    ...counts,
    ...sizes,
    refused(
      'MP4 of 100,000 boxes within each other',
      Buffer.concat([fileType, nested(['moov', 'trak', 'mdia'], 100_000)]),
    ),
    refused(
      'MP4 of 1,000,000 boxes within each other',
      Buffer.concat([fileType, nested(['moov'], 1_000_000)]),
    ),
    refused(
      'MP4 of 500,000 empty boxes',
      Buffer.concat([fileType, Buffer.concat(Array(500_000).fill(box('free')))]),
    ),
    refused(
      'MP4 of 100,000 empty tracks',
      Buffer.concat([fileType, box('moov', ...Array(100_000).fill(box('trak')))]),
    ),
    refused('MP4 of its type alone', fileType),
    refused(
      'AVIF of 100,000 boxes within each other',
      Buffer.concat([box('ftyp', text('avif\0\0\0\0avifmif1')), nested(['meta', 'iprp', 'ipco'], 100_000)]),
    ),
    either('MP4 without frames', withNumber(mp4, 'stsz', 8, 0)),
    either('MP4 whose ticks are 0 a second', withNumber(mp4, 'mdhd', 12, 0)),
    either('MP4 whose frames lie behind its end', withNumber(mp4, 'stco', 8, max)),
    ...webmElements(valid.get('video.webm') as Buffer),
  ];
}

function webmElements(webm: Buffer): Files {
  const header = webm.subarray(0, webm.indexOf(Buffer.from('18538067', 'hex')));
  const unknown = Buffer.from('01ffffffffffffff', 'hex');
  const id = (hex: string) => Buffer.from(hex, 'hex');
  return [
    refused('WebM of its header alone', header),
    refused(
      'WebM with segments within each other',
      Buffer.concat([header, Buffer.concat(Array(100_000).fill(Buffer.concat([id('18538067'), unknown])))]),
    ),
    refused(
      'WebM with clusters of unknown length',
      Buffer.concat([
        header,
        id('18538067'),
        unknown,
        Buffer.concat(Array(50_000).fill(Buffer.concat([id('1f43b675'), unknown]))),
      ]),
    ),
    refused(
      'WebM with an element of 72 petabytes',
      Buffer.concat([
        header,
        id('18538067'),
        unknown,
        id('1654ae6b'),
        Buffer.from('01fffffffffffffe', 'hex'),
      ]),
    ),
    refused(
      'WebM with 1,000,000 empty elements',
      Buffer.concat([
        header,
        id('18538067'),
        unknown,
        Buffer.concat(Array(1_000_000).fill(Buffer.from('ec80', 'hex'))),
      ]),
    ),
  ];
}

/** Every kind of file that somebody may send to break a decoder; the same in every run. */
export async function makeHostileFiles(): Promise<readonly HostileFile[]> {
  const valid = await makeValid();
  return [
    ...truncated(valid),
    ...damaged(valid),
    ...wrongMagic(valid),
    ...(await otherFormats()),
    ...claimedSizes(valid),
    ...bombs(),
    ...endlessFrames(valid),
    ...metadataBombs(valid),
    ...polyglots(valid),
    ...videoBoxes(valid),
  ];
}

/** Names that somebody may give to a file: what they say does not matter. */
export const hostileNames: readonly string[] = [
  '..',
  '../../etc/passwd',
  '/etc/passwd',
  'C:\\Windows\\win.ini',
  'a.jpg[page=-1]',
  'a.jpg[access=random,shrink=8]',
  '-version.png',
  'a\nb.png',
  'svg:evil.png',
  'https://example.com/a.png',
  '$(id).png',
  'a;id;.png',
  '\u202Egnp.exe',
  `${'a'.repeat(200)}.png`,
];
