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

/** A fault of the file, not of the caller or the server. */
const isAboutFile = (error: unknown): error is TwiteProblemError =>
  error instanceof TwiteProblemError && [413, 415, 422].includes(error.status);

/** The refused one of an upload's two files. */
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
  /** Whether all files are for one post or reply, which accepts a limited number. */
  readonly attached?: boolean;
}

/**
 * Uploads files and passes them to `use`: all or nothing. If a file is refused or `use` fails, the uploaded files are
 * deleted.
 */
export async function withUploads<T>(
  { twite, json }: UploadContext,
  { files, undone, attached = false }: UploadsWanted,
  use: (media: readonly Media[]) => Promise<T>,
): Promise<T> {
  if (files.length === 0) return use([]);
  const { media: limits } = await twite.instance.get();
  if (attached && files.length > limits.attachmentsMax) {
    throw new UsageError(`You gave ${files.length} files; at most ${limits.attachmentsMax} can be attached.`);
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
    // The server deletes within a day what cannot be deleted now.
    await Promise.allSettled(uploaded.map(({ mediaId }) => twite.media.delete({ mediaId })));
    throw error;
  } finally {
    bar.stop();
  }
}

/** The message about a post or reply whose videos cannot be played yet. */
export const stillProcessing = (media: readonly Media[]): string =>
  media.some(({ state }) => state === 'processing')
    ? ' Its video plays when the server has processed it.'
    : '';
