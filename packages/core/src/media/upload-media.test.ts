import { ContractError } from '@twite/contract';
import { expect, test } from 'vitest';
import { uploadMedia } from './upload-media.ts';

type Deps = Parameters<typeof uploadMedia>[0];

/** An upload that fails before anything is stored, with the error that `makePoster` throws. */
const uploadWith = (error: Error): Promise<unknown> => {
  const inspected = { kind: 'video', width: 640, height: 360, frames: 0, durationMs: 1_000 } as const;
  const deps = {
    media: { findMany: async () => new Map(), bytesOf: async () => 0 },
    mediaProcessor: { inspect: async () => inspected, makePoster: () => Promise.reject(error) },
    settings: { media: { accountBytesMax: 1_000 } },
  } as unknown as Deps;
  const file = { path: 'clip.mp4', bytes: 100, async *open() {} };
  const poster = { path: 'still.svg', bytes: 10 };
  const focus = { x: 0, y: 0 };
  return uploadMedia(deps, { mediaId: '1', ownerId: '2', file, poster, altText: '', focus });
};

test('a rejected poster is named, since an upload can have two files', async () => {
  const refused = new ContractError('unsupported_media', { detail: 'It is a video.' });
  await expect(uploadWith(refused)).rejects.toMatchObject({
    code: 'unsupported_media',
    status: 415,
    message: 'The poster was rejected. It is a video.',
    errors: [{ in: 'body', path: 'poster', code: 'unsupported_media', message: 'It is a video.' }],
  });
});

test('other errors are thrown unchanged', async () => {
  for (const error of [
    new ContractError('overloaded', { retryAfterSeconds: 5 }),
    new ContractError('storage_full', { retryAfterSeconds: 5 }),
    new Error('a bug'),
  ])
    await expect(uploadWith(error)).rejects.toBe(error);
});
