import { open, stat } from 'node:fs/promises';
import type { MediaLimits } from '@twite/sdk';
import { bytes } from '../terminal/show.ts';
import { CommandError, UsageError } from '../usage-error.ts';
import type { FileGiven } from './files-given.ts';

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'the file does not exist',
  EACCES: 'you have no permission to read it',
  EPERM: 'you have no permission to read it',
};

/** Runs `use`, and throws the reason if the file cannot be used. */
async function tryFile<T>(path: string, use: () => Promise<T>): Promise<T> {
  try {
    return await use();
  } catch (cause) {
    const { code = '', message } = cause as NodeJS.ErrnoException;
    throw new UsageError(`${path}: ${reasons[code] ?? message}.`, { cause });
  }
}

/** Whether it is a video, for choosing the limit. The server checks more closely. */
async function looksLikeVideo(path: string): Promise<boolean> {
  await using file = await open(path);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(12), 0, 12, 0);
  const start = buffer.subarray(0, bytesRead);
  // Matroska, which includes WebM; and ISO media, unless it is AVIF.
  if (start.toString('hex', 0, 4) === '1a45dfa3') return true;
  return start.toString('latin1', 4, 8) === 'ftyp' && !/^avi[fs]$/.test(start.toString('latin1', 8, 12));
}

/** The size of the file. Throws for a file that cannot be uploaded. */
async function checkFile(path: string, limits: MediaLimits): Promise<number> {
  const stats = await tryFile(path, () => stat(path));
  // Before opening it: a pipe would wait for a writer.
  if (!stats.isFile()) throw new UsageError(`${path}: it is not a regular file.`);
  if (stats.size === 0) throw new UsageError(`${path}: the file is empty.`);
  const isVideo = await tryFile(path, () => looksLikeVideo(path));
  const most = isVideo ? limits.videoBytesMax : limits.imageBytesMax;
  if (stats.size > most) {
    throw new CommandError(
      'media_too_large',
      `${path}: the file has ${bytes(stats.size)}; the limit for ${isVideo ? 'videos' : 'images'} is ${bytes(most)}. Nothing was uploaded.`,
    );
  }
  return stats.size;
}

export interface CheckedFile extends FileGiven {
  /** Includes the poster. */
  readonly bytes: number;
}

/** Refuses what the server would refuse too, before anything is uploaded. */
export async function checkFiles(files: readonly FileGiven[], limits: MediaLimits): Promise<CheckedFile[]> {
  const checked: CheckedFile[] = [];
  for (const file of files) {
    const length = [...(file.altText ?? '')].length;
    if (length > limits.altTextLengthMax) {
      throw new UsageError(
        `${file.path}: the description has ${length} characters; the limit is ${limits.altTextLengthMax}.`,
      );
    }
    const size = await checkFile(file.path, limits);
    const posterSize = file.poster === undefined ? 0 : await checkFile(file.poster, limits);
    checked.push({ ...file, bytes: size + posterSize });
  }
  return checked;
}
