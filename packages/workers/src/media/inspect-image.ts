import { ContractError } from '@twite/contract';
import type { MediaLimits } from '@twite/core/media/media-limits';
import type { InspectedMedia } from '@twite/core/media/media-processor';
import type { ImageFormat } from './detect-format.ts';
import type { HeaderReader } from './headers/header-reader.ts';
import type { ImageHeader } from './headers/image-header.ts';
import { readAvifHeader } from './headers/read-avif-header.ts';
import { readGifHeader } from './headers/read-gif-header.ts';
import { readJpegHeader } from './headers/read-jpeg-header.ts';
import { readPngHeader } from './headers/read-png-header.ts';
import { readWebpHeader } from './headers/read-webp-header.ts';

const headerReaders: Readonly<
  Record<ImageFormat, (reader: HeaderReader, framesMax: number) => Promise<ImageHeader>>
> = {
  jpeg: readJpegHeader,
  png: readPngHeader,
  webp: readWebpHeader,
  gif: readGifHeader,
  avif: readAvifHeader,
};

const count = (value: number): string => value.toLocaleString('en');

const tooLarge = (what: string): ContractError =>
  new ContractError('media_dimensions', { detail: `The image has ${what}.` });

/** Reads and checks the header; decodes nothing. */
export async function inspectImage(
  reader: HeaderReader,
  format: ImageFormat,
  limits: MediaLimits,
): Promise<InspectedMedia> {
  const { width, height, frames, largestPixels } = await headerReaders[format](reader, limits.framesMax);
  if (width === 0 || height === 0 || frames === 0) throw new ContractError('media_invalid');
  if (largestPixels > limits.pixelsMax)
    throw tooLarge(`${count(largestPixels)} pixels; the limit is ${count(limits.pixelsMax)}`);
  if (frames > limits.framesMax) throw tooLarge(`more than ${count(limits.framesMax)} frames`);
  if (frames > 1 && frames * largestPixels > limits.animationPixelsMax)
    throw tooLarge(
      `${count(frames * largestPixels)} pixels in its frames; the limit is ${count(limits.animationPixelsMax)}`,
    );
  return { kind: frames > 1 ? 'animation' : 'image', width, height, frames, durationMs: null };
}
