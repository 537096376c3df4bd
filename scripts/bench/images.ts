import { execFile } from 'node:child_process';
import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { defaultMediaLimits } from '@twite/core/media/media-limits';
import { createMediaProcessor, type OwnMediaProcessor } from '@twite/workers/media';
import sharp from 'sharp';
import { cpuMs } from './cpu.ts';
import { atLeast, type Effort, type Figure, list, round } from './figures.ts';
import { temporaryFolder } from './processes.ts';
import { median } from './statistics.ts';

/** Typical uploads: a photograph of 12 megapixels as stored by a phone, a smaller one, and a screenshot. */
async function makeImages(folder: string): Promise<readonly string[]> {
  const noise = (width: number, height: number, sigma: number) =>
    sharp({
      create: {
        width,
        height,
        channels: 3,
        background: '#808080',
        noise: { type: 'gaussian', mean: 128, sigma },
      },
    });
  const clouds = await noise(160, 120, 60).png().toBuffer();
  const grain = await noise(4_000, 3_000, 4).png().toBuffer();
  const photograph = await sharp(clouds)
    .resize(4_000, 3_000, { kernel: 'cubic' })
    .composite([{ input: grain, blend: 'soft-light' }])
    .jpeg({ quality: 90 })
    .withMetadata({ orientation: 6 })
    .toBuffer();
  const files = ['photograph.jpg', 'smaller.jpg', 'screenshot.png'].map((name) => join(folder, name));
  const [large = '', small = '', screenshot = ''] = files;
  writeFileSync(large, photograph);
  await sharp(photograph).autoOrient().resize(1_600).jpeg({ quality: 85 }).toFile(small);
  const lines = Array.from(
    { length: 40 },
    (_, index) => `<text x="40" y="${40 + index * 26}">${'lorem ipsum '.repeat(12)}</text>`,
  );
  const page = `<svg xmlns="http://www.w3.org/2000/svg" width="1920" height="1080"><rect width="100%" height="100%" fill="#fff"/>${lines.join('')}</svg>`;
  await sharp(Buffer.from(page)).png().toFile(screenshot);
  return files;
}

/** CPU time of this process and the pool's, per image. */
async function pipelineCpuMs(processor: OwnMediaProcessor, files: readonly string[]): Promise<number> {
  const perform = async (path: string): Promise<void> => {
    const file = { path, bytes: statSync(path).size };
    await using _made = await processor.processImage(file, await processor.inspect(file), { x: 0, y: 0 });
  };
  await perform(files[0] as string);
  const children = () => processor.pids.reduce((sum, pid) => sum + cpuMs(pid), 0);
  const [before, own] = [children(), process.cpuUsage()];
  for (const file of files) await perform(file);
  const { user, system } = process.cpuUsage(own);
  return (children() - before + (user + system) / 1000) / files.length;
}

async function aloneCpuMs(mode: 'plain' | 'steps', files: readonly string[]): Promise<number> {
  const script = join(import.meta.dirname, 'sharp-alone.ts');
  const args = ['--conditions=twite-source', script, mode, ...files];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return Number(stdout);
}

/** CPU time of sharp alone ÷ that of the pipeline, for the same outputs of the same images, in turns. */
export async function imageCpu(effort: Effort): Promise<Figure[]> {
  using folder = temporaryFolder();
  const files = await makeImages(folder.path);
  const ratios = { plain: [] as number[], steps: [] as number[] };
  let last = '';
  for (let index = 0; index < effort.rounds; index++) {
    const plain = await aloneCpuMs('plain', files);
    const steps = await aloneCpuMs('steps', files);
    await using processor = createMediaProcessor({
      limits: defaultMediaLimits,
      folder: join(folder.path, 'work'),
      concurrency: 1,
    });
    const ours = await pipelineCpuMs(processor, files);
    ratios.plain.push(plain / ours);
    ratios.steps.push(steps / ours);
    last = `last ${round(ours, 0)} ms an image against ${round(plain, 0)} and ${round(steps, 0)}`;
  }
  const figure = (name: string, of: readonly number[]) =>
    atLeast(name, median(of), '×', 0.8, `rounds ${list(of)}; ${last}`);
  return [
    figure('CPU an image: sharp alone ÷ pipeline', ratios.plain),
    figure('CPU an image: the same steps without processes ÷ pipeline', ratios.steps),
  ];
}
