import { basename } from 'node:path';
import { type Media, type Twite, TwiteProblemError } from '@twite/sdk';
import { RefusedFileError, UsageError } from '../usage-error.ts';
import { type CheckedFile, checkFiles } from './check-files.ts';
import type { FileGiven } from './files-given.ts';
import { startUploadProgress, type UploadProgressBar } from './upload-progress.ts';

/** Every operation that `withUploads` may call. */
export const uploadOperations = ['getInstance', 'uploadMedia', 'deleteMedia'] as const;

interface UploadContext {
  readonly twite: Twite;
  readonly json: boolean;
}

/** What is wrong with a file, not with the caller or the server. */
const isAboutFile = (error: unknown): error is TwiteProblemError =>
  error instanceof TwiteProblemError && [413, 415, 422].includes(error.status);

/** The one of the two that an upload may have. */
const refusedOf = ({ path, poster }: CheckedFile, { errors }: TwiteProblemError): string =>
  poster !== undefined && errors.some((issue) => issue.path === 'poster') ? poster : path;

async function uploadFile(twite: Twite, file: CheckedFile, bar: UploadProgressBar): Promise<Media> {
  const media = await twite.media.upload(file.path, {
    altText: file.altText,
    focus: file.focus,
    poster: file.poster,
    onProgress: ({ sentBytes }) => bar.update(basename(file.path), Math.min(sentBytes, file.bytes)),
  });
  bar.finish(file.bytes);
  return media;
}

export interface UploadsWanted {
  readonly files: readonly FileGiven[];
  /** What does not happen if a file is refused: `Nothing was posted.` */
  readonly undone: string;
  /** Whether all are for one post or reply, which takes only so many. */
  readonly attached?: boolean;
}

/**
 * Uploads files, and does with them what `use` does: all or nothing. If a file is refused, or `use` fails, what was uploaded
 * is deleted.
 */
export async function withUploads<T>(
  { twite, json }: UploadContext,
  { files, undone, attached = false }: UploadsWanted,
  use: (media: readonly Media[]) => Promise<T>,
): Promise<T> {
  if (files.length === 0) return use([]);
  const { media: limits } = await twite.instance.get();
  if (attached && files.length > limits.attachmentsMax) {
    throw new UsageError(`${files.length} files are given, and ${limits.attachmentsMax} can be attached.`);
  }
  const checked = await checkFiles(files, limits);
  const uploaded: Media[] = [];
  const bar = await startUploadProgress(
    checked.reduce((sum, { bytes }) => sum + bytes, 0),
    { json },
  );
  try {
    for (const file of checked) {
      try {
        uploaded.push(await uploadFile(twite, file, bar));
      } catch (error) {
        throw isAboutFile(error) ? new RefusedFileError(refusedOf(file, error), undone, error) : error;
      }
    }
    bar.stop();
    return await use(uploaded);
  } catch (error) {
    // What cannot be deleted now is deleted by the server within a day.
    await Promise.allSettled(uploaded.map(({ mediaId }) => twite.media.delete({ mediaId })));
    throw error;
  } finally {
    bar.stop();
  }
}

/** To be said of a post or reply whose videos do not play yet. */
export const stillProcessing = (media: readonly Media[]): string =>
  media.some(({ state }) => state === 'processing')
    ? ' Its video plays when the server has processed it.'
    : '';
