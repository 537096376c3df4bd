import { mkdir, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MediaLimits } from '@twite/sdk';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CommandError, UsageError } from '../usage-error.ts';
import { checkFiles } from './check-files.ts';

let folder: string;
const limits: MediaLimits = {
  imageBytesMax: 1_000,
  videoBytesMax: 5_000,
  pixelsMax: 1,
  framesMax: 1,
  videoSecondsMax: 1,
  accountBytesMax: 1,
  unattachedSeconds: 1,
  attachmentsMax: 4,
  altTextLengthMax: 10,
  mimeTypes: [],
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'twite-cli-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** A file that starts with these bytes, padded with zeros. */
async function file(name: string, start: string | Uint8Array, size: number): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, start);
  await truncate(path, size);
  return path;
}

const check = (path: string, more: object = {}) => checkFiles([{ path, flag: undefined, ...more }], limits);

test('valid files pass, with their size and the size of their poster', async () => {
  const path = await file('a.jpg', '\xff\xd8', 1_000);
  const poster = await file('p.png', '\x89PNG', 10);
  expect(await check(path, { altText: '0123456789', poster })).toMatchObject([{ path, bytes: 1_010 }]);
});

test('a missing, irregular or empty file is named with the reason', async () => {
  await mkdir(join(folder, 'folder'));
  const empty = await file('empty.png', '', 0);
  const other = await file('b.jpg', 'x', 10);
  for (const [path, more, reason] of [
    [join(folder, 'nothing.jpg'), {}, 'nothing.jpg: the file does not exist.'],
    [join(folder, 'folder'), {}, 'folder: it is not a regular file.'],
    ['/dev/zero', {}, '/dev/zero: it is not a regular file.'],
    [empty, {}, 'empty.png: the file is empty.'],
    [other, { poster: join(folder, 'no-poster.png') }, 'no-poster.png: the file does not exist.'],
    [other, { altText: 'eleven char' }, '11 characters; the limit is 10'],
  ] as const) {
    const error = await check(path, more).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UsageError);
    expect((error as Error).message).toContain(reason);
  }
});

test('images and videos have separate limits, regardless of their file names', async () => {
  const ftyp = (brand: string) => Buffer.from(`\0\0\0\x20ftyp${brand}`, 'latin1');
  const avif = await file('a.mp4', ftyp('avif'), 1_001);
  const mp4 = await file('b.jpg', ftyp('isom'), 5_000);
  const webm = await file('c.png', Buffer.from('1a45dfa3', 'hex'), 5_000);
  const longVideo = await file('d.mp4', ftyp('mp42'), 5_001);
  expect(await check(mp4)).toMatchObject([{ bytes: 5_000 }]);
  expect(await check(webm)).toMatchObject([{ bytes: 5_000 }]);
  for (const [path, most] of [
    [avif, 'the limit for images is 1000 bytes'],
    [longVideo, 'the limit for videos is 4.9 KiB'],
  ] as const) {
    const error = await check(path).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(CommandError);
    expect(error).toMatchObject({ code: 'media_too_large' });
    expect((error as Error).message).toContain(most);
  }
});
