import { createReadStream, createWriteStream } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ContractError, type ErrorCode, errorCodes } from '@twite/contract';
import type { MediaLimits } from '@twite/core/media/media-limits';
import type {
  InspectedMedia,
  LocalFile,
  MediaProcessor,
  ProcessedFile,
  ProcessedMedia,
} from '@twite/core/media/media-processor';
import { inSpan, type SpanDescription } from '@twite/core/tracer';
import { ProcessFailure } from '@twite/process/pool/pooled-process';
import {
  createProcessPool,
  type PoolLoad,
  type PoolObserver,
  type ProcessPool,
} from '@twite/process/pool/process-pool';
import { openWorkFolder } from '@twite/process/work-folder';
import { detectFormat, formatBytes } from './detect-format.ts';
import { MalformedHeader, readHeaderOf } from './headers/header-reader.ts';
import { inspectImage } from './inspect-image.ts';
import type { InspectedVideo, MadeFile, MadeMedia, MediaTask } from './media-task.ts';

export interface MediaProcessorOptions {
  readonly limits: MediaLimits;
  /** For temporary files; processes may share it. */
  readonly folder: string;
  /** The number of processes, each with one file at a time. Null: half of the cores. */
  readonly concurrency?: number | null;
  /** How many files may wait for a process; further files are rejected with `overloaded`. */
  readonly queueLimit?: number;
  /** The deadline for making the files of one upload: a slower process is killed. */
  readonly deadlineMs?: number;
  /** The deadline for reading the header of a video. */
  readonly inspectDeadlineMs?: number;
  /** After this time without work the processes exit and free their memory. */
  readonly idleMs?: number;
  readonly observe?: PoolObserver;
}

/** A processor that owns processes and files: dispose of it once the last request is answered. */
export interface OwnMediaProcessor extends MediaProcessor, AsyncDisposable {
  readonly pids: readonly number[];
  readonly load: PoolLoad;
}

// By its package name, so that it is found both from the source and from the bundle.
const workerFile = createRequire(import.meta.url).resolve('@twite/workers/media-worker');

/**
 * The memory that the largest accepted image needs: measured were 30 bytes per pixel for an AVIF of 10 bits with alpha
 * that has to be rotated, and 12 for a PNG of 16 bits.
 */
export const processMegabytes = ({ pixelsMax }: MediaLimits): number =>
  512 + Math.ceil((32 * pixelsMax) / (1024 * 1024));

const isErrorCode = (code: unknown): code is ErrorCode => errorCodes.includes(code as ErrorCode);

const fullRetryAfterSeconds = 5;

/** Converts an error of a process or the disk to an error of the contract. */
function translate(error: unknown): unknown {
  if (error instanceof ContractError) return error;
  if (error instanceof ProcessFailure) return new ContractError('media_invalid', { cause: error });
  if (!(error instanceof Error) || !('code' in error)) return error;
  if (error.code === 'ENOSPC' || error.code === 'EDQUOT')
    return new ContractError('storage_full', { retryAfterSeconds: fullRetryAfterSeconds, cause: error });
  if (error.name === 'ContractError' && isErrorCode(error.code))
    return new ContractError(error.code, { detail: error.message });
  return error;
}

async function translated<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    throw translate(error);
  }
}

const toProcessedFile = (file: MadeFile): ProcessedFile => ({
  ...file,
  open: () => createReadStream(file.path),
});

/** Identical files are stored once. */
function toProcessedMedia(made: MadeMedia, folder: string): ProcessedMedia {
  const files = new Map<string, ProcessedFile>();
  const processed = (file: MadeFile): ProcessedFile => {
    const known = files.get(file.path) ?? toProcessedFile(file);
    files.set(file.path, known);
    return known;
  };
  return {
    width: made.main.width,
    height: made.main.height,
    durationMs: made.durationMs,
    thumbhash: made.thumbhash,
    main: processed(made.main),
    variants: new Map(made.variants.map(({ name, file }) => [name, processed(file)])),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

const spanOf = ({ do: task }: MediaTask): SpanDescription => ({
  name: `media ${task}`,
  kind: 'internal',
  attributes: { 'twite.pool': 'media', 'twite.task': task },
});

export function createMediaProcessor(options: MediaProcessorOptions): OwnMediaProcessor {
  const { limits, inspectDeadlineMs = 20_000 } = options;
  const pool: ProcessPool<MediaTask, MadeMedia | InspectedVideo> = createProcessPool({
    workerFile,
    concurrency: options.concurrency ?? null,
    queueLimit: options.queueLimit ?? 64,
    deadlineMs: options.deadlineMs ?? 120_000,
    idleMs: options.idleMs ?? 10_000,
    tasksPerProcess: 300,
    heapMegabytes: 256,
    memoryMegabytes: processMegabytes(limits),
    secondsPerTask: 0.5,
    // Clients and gateways give up on an answer after minutes.
    waitSecondsMax: 60,
    ...(options.observe === undefined ? {} : { observe: options.observe }),
  });
  /** The span includes the wait for a process. */
  const perform = (task: MediaTask, deadline?: number) =>
    inSpan(spanOf(task), () => pool.run(task, deadline));
  const opening = openWorkFolder(options.folder);
  // Reported to the first call that needs it.
  opening.catch(() => undefined);

  /** In a folder that lives as long as the result. */
  const make = (toTask: (folder: string) => MediaTask | Promise<MediaTask>): Promise<ProcessedMedia> =>
    translated(async () => {
      const folder = await (await opening).makeFolder();
      try {
        return toProcessedMedia((await perform(await toTask(folder))) as MadeMedia, folder);
      } catch (error) {
        await rm(folder, { recursive: true, force: true });
        throw error;
      }
    });

  const spool = async (content: AsyncIterable<Uint8Array>, folder: string): Promise<string> => {
    const file = join(folder, 'source');
    await pipeline(content, createWriteStream(file));
    return file;
  };

  const inspect = async ({ path, bytes }: LocalFile): Promise<InspectedMedia> => {
    await using file = await open(path, 'r');
    const { buffer, bytesRead } = await file.read(Buffer.alloc(formatBytes), 0, formatBytes, 0);
    const format = detectFormat(buffer.subarray(0, bytesRead));
    if (format === undefined) throw new ContractError('unsupported_media');
    const isVideo = format === 'mp4' || format === 'webm';
    const bytesMax = isVideo ? limits.videoBytesMax : limits.imageBytesMax;
    if (bytes > bytesMax)
      throw new ContractError('media_too_large', {
        detail: `The file has ${bytes} bytes; the limit is ${bytesMax}.`,
      });
    if (isVideo) {
      const task: MediaTask = { do: 'inspectVideo', file: path, limits };
      const video = await translated(() => perform(task, inspectDeadlineMs));
      return { kind: 'video', frames: 0, ...(video as InspectedVideo) };
    }
    try {
      return await inspectImage(readHeaderOf(file, bytes), format, limits);
    } catch (error) {
      // A parser that is led beyond the bytes of a header throws a RangeError.
      if (error instanceof MalformedHeader || error instanceof RangeError)
        throw new ContractError('media_invalid', { cause: error });
      throw error;
    }
  };

  return {
    get pids() {
      return pool.pids;
    },
    get load() {
      return pool.load;
    },
    isFull: () => pool.isFull,
    inspect,
    processImage: ({ path }, { frames }, focus) =>
      make((folder) => ({
        do: 'makeImage',
        file: path,
        folder,
        frames,
        pixelsMax: frames > 1 ? limits.animationPixelsMax : limits.pixelsMax,
        focus,
      })),
    cropSquares: (large, focus) =>
      make(async (folder) => ({ do: 'cropSquares', file: await spool(large, folder), folder, focus })),
    async makePoster(file, { width, height }) {
      if (file === undefined) return make((folder) => ({ do: 'makePlaceholder', folder, width, height }));
      const { kind } = await inspect(file);
      if (kind === 'video')
        throw new ContractError('unsupported_media', {
          detail: 'The file is a video; a poster must be an image.',
        });
      const { pixelsMax } = limits;
      return make((folder) => ({ do: 'makePoster', file: file.path, folder, pixelsMax }));
    },
    processVideo: (source) =>
      make(async (folder) => ({ do: 'remuxVideo', file: await spool(source, folder), folder, limits })),
    async [Symbol.asyncDispose]() {
      await pool[Symbol.asyncDispose]();
      const folder = await opening.catch(() => undefined);
      await folder?.[Symbol.asyncDispose]();
    },
  };
}
