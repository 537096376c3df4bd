import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { defaultMediaLimits } from '@twite/core/media/media-limits';
import type { InspectedMedia, LocalFile, ProcessedMedia } from '@twite/core/media/media-processor';
import type { Focus, VariantName } from '@twite/core/media/media-record';
import sharp from 'sharp';
import {
  createMediaProcessor,
  type MediaProcessorOptions,
  type OwnMediaProcessor,
} from '../create-media-processor.ts';

const centre: Focus = { x: 0, y: 0 };

/** A processor with its own folder, and ways to give it bytes. */
export interface TestProcessor extends AsyncDisposable {
  readonly processor: OwnMediaProcessor;
  readonly folder: string;
  /** The location of its work folder. */
  readonly workFolder: string;
  write(bytes: Uint8Array, name?: string): Promise<LocalFile>;
  inspect(bytes: Uint8Array): Promise<InspectedMedia>;
  /** Inspects, then processes; a result is disposed of with the processor. */
  process(bytes: Uint8Array, focus?: Focus): Promise<ProcessedMedia>;
}

export async function openTestProcessor(
  options: Partial<MediaProcessorOptions> = {},
): Promise<TestProcessor> {
  const folder = await mkdtemp(join(tmpdir(), 'twite-media-test-'));
  const workFolder = join(folder, 'work');
  const stack = new AsyncDisposableStack();
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const processor = stack.use(
    createMediaProcessor({ limits: defaultMediaLimits, folder: workFolder, concurrency: 1, ...options }),
  );
  let count = 0;
  const write = async (bytes: Uint8Array, name?: string): Promise<LocalFile> => {
    count += 1;
    const path = join(folder, name ?? `upload-${count}`);
    await writeFile(path, bytes);
    return { path, bytes: bytes.length };
  };
  return {
    processor,
    folder,
    workFolder,
    write,
    inspect: async (bytes) => processor.inspect(await write(bytes)),
    async process(bytes, focus = centre) {
      const file = await write(bytes);
      const inspected = await processor.inspect(file);
      const made =
        inspected.kind === 'video'
          ? processor.processVideo([bytes] as unknown as AsyncIterable<Uint8Array>)
          : processor.processImage(file, inspected, focus);
      return stack.use(await made);
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

export async function bytesOf(media: ProcessedMedia, name?: VariantName): Promise<Buffer> {
  const file = name === undefined ? media.main : media.variants.get(name);
  if (file === undefined) throw new Error(`no variant ${name}`);
  return buffer(file.open());
}

export type Colour = readonly number[];

/** The pixel of the first frame at a position given as fractions of width and height. */
export async function colourAt(image: Buffer, x: number, y: number): Promise<Colour> {
  const { data, info } = await sharp(image).raw().toBuffer({ resolveWithObject: true });
  const at = (Math.floor(y * info.height) * info.width + Math.floor(x * info.width)) * info.channels;
  return [...data.subarray(at, at + info.channels)];
}
