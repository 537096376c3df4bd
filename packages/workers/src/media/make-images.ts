import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Focus, VariantName } from '@twite/core/media/media-record';
import sharp, { type Sharp, type WebpOptions } from 'sharp';
import { rgbaToThumbHash } from 'thumbhash';
import { fitWidth, type Size, squareAround } from './image-geometry.ts';
import type { MadeFile, MadeMedia } from './media-task.ts';

const widths = { small: 400, medium: 1_200, large: 2_400 } as const;
const squares = { square96: 96, square400: 400 } as const;
const posterWidth = 1_200;

const webp: WebpOptions = { quality: 80, effort: 4 };
// An animation has hundreds of frames: half the CPU time, for files that are a few percent larger.
const animatedWebp: WebpOptions = { quality: 75, effort: 2 };

// Only the loaders of the formats that `detectFormat` accepts, whatever a file pretends to be.
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({
  operation: [
    'VipsForeignLoadJpegBuffer',
    'VipsForeignLoadPngBuffer',
    'VipsForeignLoadWebpBuffer',
    'VipsForeignLoadNsgifBuffer',
    'VipsForeignLoadHeifBuffer',
  ],
});
// No file is read twice, and the pool has one process per core that it may use.
sharp.cache(false);
sharp.concurrency(1);

/** An image in memory: oriented, sRGB, 8 bits per channel. */
interface Pixels extends Size {
  readonly channels: 1 | 2 | 3 | 4;
  readonly data: Buffer;
}

const openPixels = ({ data, width, height, channels }: Pixels): Sharp =>
  sharp(data, { raw: { width, height, channels }, limitInputPixels: false });

// From its bytes: in a path, libvips parses brackets as options.
const openImage = (image: Buffer, pixelsMax: number, pages = 1): Sharp =>
  sharp(image, {
    limitInputPixels: pixelsMax,
    failOn: 'error',
    sequentialRead: true,
    pages,
    // Neither GIF nor WebP rotates its frames.
    autoOrient: pages === 1,
  });

/** Decodes once, at the size of the largest variant; the others are made from it. */
async function decode(image: Buffer, pixelsMax: number, widthMax: number): Promise<Pixels> {
  const { data, info } = await openImage(image, pixelsMax)
    .resize({ width: widthMax, height: 16_383, fit: 'inside', withoutEnlargement: true })
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height, channels: info.channels as Pixels['channels'] };
}

async function thumbhashOf(pixels: Pixels): Promise<string> {
  const { data, info } = await openPixels(pixels)
    .resize({ width: 100, height: 100, fit: 'inside', withoutEnlargement: true })
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return Buffer.from(rgbaToThumbHash(info.width, info.height, data)).toString('base64');
}

/** Writes files under arbitrary names, one per size: identical ones are the same file. */
class VariantFiles {
  readonly #folder: string;
  readonly #files = new Map<string, Promise<MadeFile>>();
  readonly #variants: { name: VariantName; file: MadeFile }[] = [];

  constructor(folder: string) {
    this.#folder = folder;
  }

  async add(name: VariantName, key: string, make: () => Sharp): Promise<MadeFile> {
    const made = this.#files.get(key) ?? this.#write(make());
    this.#files.set(key, made);
    const file = await made;
    this.#variants.push({ name, file });
    return file;
  }

  get all(): MadeMedia['variants'] {
    return this.#variants;
  }

  async #write(image: Sharp): Promise<MadeFile> {
    const path = join(this.#folder, `${this.#files.size}.webp`);
    // Not by libvips: an error of the disk would come without its code.
    const { data, info } = await image.toBuffer({ resolveWithObject: true });
    await writeFile(path, data);
    const height = info.pageHeight ?? info.height;
    return { path, mimeType: 'image/webp', width: info.width, height, bytes: data.length };
  }
}

async function addSquares(files: VariantFiles, pixels: Pixels, focus: Focus): Promise<void> {
  const { left, top, side } = squareAround(pixels, focus);
  for (const [name, wanted] of Object.entries(squares) as [keyof typeof squares, number][]) {
    const size = Math.min(wanted, side);
    // For a square image, the width and the square of the same size are identical.
    const key = pixels.width === pixels.height ? `width ${size}` : `square ${size}`;
    await files.add(name, key, () =>
      openPixels(pixels).extract({ left, top, width: side, height: side }).resize(size, size).webp(webp),
    );
  }
}

async function addStillWidths(files: VariantFiles, pixels: Pixels): Promise<MadeFile> {
  const add = (name: keyof typeof widths): Promise<MadeFile> => {
    const { width, height } = fitWidth(pixels, widths[name]);
    return files.add(name, `width ${width}`, () =>
      openPixels(pixels).resize(width, height, { fit: 'fill' }).webp(webp),
    );
  };
  await add('small');
  await add('medium');
  return add('large');
}

async function addAnimatedWidths(
  files: VariantFiles,
  image: Buffer,
  pixelsMax: number,
  frame: Size,
): Promise<MadeFile> {
  const add = (name: keyof typeof widths): Promise<MadeFile> => {
    const { width, height } = fitWidth(frame, widths[name]);
    return files.add(name, `animated ${width}`, () =>
      openImage(image, pixelsMax, -1).resize(width, height, { fit: 'fill' }).webp(animatedWebp),
    );
  };
  await add('small');
  await add('medium');
  return add('large');
}

export interface ImageSource {
  readonly file: string;
  readonly folder: string;
  readonly frames: number;
  readonly pixelsMax: number;
  readonly focus: Focus;
}

/** Makes the widths, still or animated, and the squares of the first frame. Strips all metadata. */
export async function makeImage(source: ImageSource): Promise<MadeMedia> {
  const { folder, pixelsMax } = source;
  const files = new VariantFiles(folder);
  const image = await readFile(source.file);
  const pixels = await decode(image, pixelsMax, widths.large);
  const main =
    source.frames > 1
      ? await addAnimatedWidths(files, image, pixelsMax, pixels)
      : await addStillWidths(files, pixels);
  await addSquares(files, pixels, source.focus);
  return { main, variants: files.all, thumbhash: await thumbhashOf(pixels), durationMs: null };
}

/** Crops an image that `makeImage` made. */
export async function cropSquares(file: string, folder: string, focus: Focus): Promise<MadeMedia> {
  const files = new VariantFiles(folder);
  const pixels = await decode(await readFile(file), widths.large * 16_383, widths.large);
  await addSquares(files, pixels, focus);
  const main = files.all.find(({ name }) => name === 'square400')?.file as MadeFile;
  return { main, variants: files.all, thumbhash: await thumbhashOf(pixels), durationMs: null };
}

async function makePosterOf(pixels: Pixels, folder: string): Promise<MadeMedia> {
  const files = new VariantFiles(folder);
  const main = await files.add('poster', 'poster', () => openPixels(pixels).webp(webp));
  return { main, variants: files.all, thumbhash: await thumbhashOf(pixels), durationMs: null };
}

export const makePoster = async (file: string, folder: string, pixelsMax: number): Promise<MadeMedia> =>
  makePosterOf(await decode(await readFile(file), pixelsMax, posterWidth), folder);

/** A plain image with a video's proportions. */
export async function makePlaceholder(folder: string, video: Size): Promise<MadeMedia> {
  const { width, height } = fitWidth(video, widths.small);
  const { data } = await sharp({ create: { width, height, channels: 3, background: '#24292f' } })
    .raw()
    .toBuffer({ resolveWithObject: true });
  return makePosterOf({ data, width, height, channels: 3 }, folder);
}
