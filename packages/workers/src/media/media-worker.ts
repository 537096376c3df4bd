// Not the whole contract: a process starts in half the time.
import { ContractError } from '@twite/contract/errors';
import { prepareChild } from '@twite/process/pool/prepare-child';
import { cropSquares, makeImage, makePlaceholder, makePoster } from './make-images.ts';
import type { InspectedVideo, MadeMedia, MediaTask } from './media-task.ts';

prepareChild();

// Library output about a hostile file does not belong in the server's log.
for (const method of ['debug', 'info', 'log', 'warn', 'error'] as const) console[method] = () => undefined;

// Videos are few, and loading their reader takes longer than loading everything else.
async function perform(task: MediaTask): Promise<MadeMedia | InspectedVideo> {
  switch (task.do) {
    case 'makeImage':
      return makeImage(task);
    case 'cropSquares':
      return cropSquares(task.file, task.folder, task.focus);
    case 'makePoster':
      return makePoster(task.file, task.folder, task.pixelsMax);
    case 'makePlaceholder':
      return makePlaceholder(task.folder, task);
    case 'inspectVideo':
      return (await import('./inspect-video.ts')).inspectVideo(task.file, task.limits);
    case 'remuxVideo':
      return (await import('./remux-video.ts')).remuxVideo(task.file, task.folder, task.limits);
  }
}

const codeOf = (error: unknown): unknown =>
  typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;

const diskErrors: ReadonlySet<unknown> = new Set([
  'ENOSPC',
  'EDQUOT',
  'ENOENT',
  'EACCES',
  'EIO',
  'EMFILE',
  'ENFILE',
  'EROFS',
]);

/** A library's error is about the file, unless it is a disk error. */
const translate = (error: unknown): unknown =>
  error instanceof ContractError || diskErrors.has(codeOf(error))
    ? error
    : new ContractError('media_invalid', { cause: error });

export default async (task: MediaTask): Promise<MadeMedia | InspectedVideo> => {
  try {
    return await perform(task);
  } catch (error) {
    throw translate(error);
  }
};
