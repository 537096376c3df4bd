import { mkdtempSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rgbaToThumbHash } from 'thumbhash';
import type { ImageSource } from '../../packages/workers/src/media/make-images.ts';

// Prints the CPU milliseconds for each of the named images, after a warm-up with one of them. `plain`: sharp as its
// documentation shows it, one pipeline for each output; `steps`: the steps of Twite's pipeline, without processes
// around them.
const [mode, ...files] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'twite-sharp-'));

async function plain(file: string): Promise<void> {
  const { default: sharp } = await import('sharp');
  sharp.cache(false);
  sharp.concurrency(1);
  const open = () => sharp(file).autoOrient();
  const images = [
    ...[400, 1_200, 2_400].map((width) => open().resize({ width, withoutEnlargement: true })),
    ...[96, 400].map((side) => open().resize(side, side)),
  ];
  for (const [index, image] of images.entries())
    await writeFile(join(folder, `${index}.webp`), await image.webp({ quality: 80, effort: 4 }).toBuffer());
  const small = open().resize(100, 100, { fit: 'inside' }).ensureAlpha().raw();
  const { data, info } = await small.toBuffer({ resolveWithObject: true });
  rgbaToThumbHash(info.width, info.height, data);
}

async function steps(file: string): Promise<void> {
  const { makeImage } = await import('../../packages/workers/src/media/make-images.ts');
  const source: ImageSource = { file, folder, frames: 1, pixelsMax: 50_000_000, focus: { x: 0, y: 0 } };
  await makeImage(source);
}

const perform = mode === 'plain' ? plain : steps;
await perform(files[0] as string);
const before = process.cpuUsage();
for (const file of files) await perform(file);
const { user, system } = process.cpuUsage(before);
console.log((user + system) / 1000 / files.length);
rmSync(folder, { recursive: true });
