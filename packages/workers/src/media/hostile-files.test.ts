import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ContractError } from '@twite/contract';
import { defaultMediaLimits } from '@twite/core/media/media-limits';
import type { ProcessedMedia } from '@twite/core/media/media-processor';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { processMegabytes } from './create-media-processor.ts';
import type { HostileFile } from './testing/hostile-file.ts';
import { hostileNames, makeHostileFiles } from './testing/hostile-files.ts';
import { bytesOf, openTestProcessor, type TestProcessor } from './testing/open-test-processor.ts';

let media: TestProcessor;
let files: readonly HostileFile[];
beforeAll(async () => {
  media = await openTestProcessor({ inspectDeadlineMs: 10_000 });
  files = await makeHostileFiles();
});
afterAll(async () => media[Symbol.asyncDispose]());

/** The peak memory of the processes so far, in MB. Only Linux reports it. */
async function peakMegabytes(): Promise<number> {
  const peaks = await Promise.all(
    media.processor.pids.map(async (pid) => {
      const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
      return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
    }),
  );
  return Math.max(0, ...peaks);
}

async function checkSane(made: ProcessedMedia): Promise<void> {
  const bytes = await bytesOf(made);
  expect(bytes.length).toBe(made.main.bytes);
  expect(made.width * made.height).toBeGreaterThan(0);
  if (made.main.mimeType !== 'image/webp') {
    expect(await media.inspect(bytes)).toMatchObject({ width: made.width, height: made.height });
    return;
  }
  expect(made.width).toBeLessThanOrEqual(2_400);
  expect(made.variants.size).toBe(5);
  const { format, width, pages = 1, height, pageHeight = height } = await sharp(bytes).metadata();
  expect({ format, width, height: pageHeight }).toEqual({
    format: 'webp',
    width: made.width,
    height: made.height,
  });
  expect(pages).toBeLessThanOrEqual(defaultMediaLimits.framesMax);
}

/** Undefined: the file was processed into a picture or video. */
async function refusalOf(file: HostileFile): Promise<ContractError | undefined> {
  try {
    const made = await media.process(file.bytes);
    await checkSane(made);
    await made[Symbol.asyncDispose]();
    return undefined;
  } catch (error) {
    if (error instanceof ContractError) return error;
    throw error;
  }
}

test('every hostile file is refused or becomes a valid picture, within bounded memory', async () => {
  expect(files.length).toBeGreaterThanOrEqual(300);
  const codes = new Map<string, number>();
  const wrong: string[] = [];
  let peak = 0;
  const before = process.memoryUsage.rss();
  for (const file of files) {
    const refusal = await refusalOf(file).catch((error: unknown) => {
      wrong.push(`${file.name}: ${error}`);
      return undefined;
    });
    peak = Math.max(peak, await peakMegabytes());
    const code = refusal?.code ?? 'sane';
    codes.set(code, (codes.get(code) ?? 0) + 1);
    if (refusal === undefined && file.expected === 'refused') wrong.push(`${file.name}: was not refused`);
    if (refusal !== undefined && (refusal.status < 400 || refusal.status > 499))
      wrong.push(`${file.name}: ${refusal.code}`);
  }
  expect(wrong).toEqual([]);
  expect([...codes.keys()].sort()).toEqual([
    'media_dimensions',
    'media_invalid',
    'media_too_large',
    'sane',
    'unsupported_media',
  ]);
  // No file of the corpus has many pixels, so none may come near the memory limit of a process.
  expect(peak).toBeLessThan(600);
  expect(processMegabytes(defaultMediaLimits)).toBeGreaterThan(600);
  // This includes the memory for its own files.
  expect((process.memoryUsage.rss() - before) / 1024 / 1024).toBeLessThan(300);
  const own = (await readdir(media.workFolder))[0] ?? '';
  expect(await readdir(join(media.workFolder, own))).toEqual([]);
}, 600_000);

test('a valid image is processed correctly after all of them', async () => {
  const image = sharp({ create: { width: 90, height: 60, channels: 3, background: '#28b43c' } });
  const made = await media.process(await image.png().toBuffer());
  expect(made).toMatchObject({ width: 90, height: 60 });
});

test('file names do not matter', async () => {
  const image = sharp({ create: { width: 90, height: 60, channels: 3, background: '#28b43c' } });
  const bytes = await image.png().toBuffer();
  for (const name of hostileNames) {
    // As far as it can be a file name.
    const file = await media.write(bytes, `named ${name.replaceAll('/', '_')}`);
    const inspected = await media.processor.inspect(file);
    await using made = await media.processor.processImage(file, inspected, { x: 0, y: 0 });
    expect(made).toMatchObject({ width: 90, height: 60 });
  }
});
