import sharp from 'sharp';
import { either, type Files, type HostileFile, refused, text } from './hostile-file.ts';
import {
  bombs,
  claimedSizes,
  endlessFrames,
  greyRows,
  metadataBombs,
  pngChunk,
  pngOf,
  pngSignature,
  segment,
} from './hostile-images.ts';
import { videoBoxes } from './hostile-videos.ts';
import { makeVideo } from './make-video.ts';

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

/** A small seeded generator: the corpus is the same in every run. */
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
        // Not the magic bytes, which would only be another case of wrong magic; mostly the header.
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

/** Files that are valid in two formats at once. */
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

/** Every kind of file that may be sent to break a decoder; the same in every run. */
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

/** File names that a client may send: their content does not matter. */
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
