import { createReadStream } from 'node:fs';
import * as core from '@twite/core/media/upload-media';
import { accountIdOf, type Route, resourceIdOf } from './route.ts';

export const uploadMedia: Route<'uploadMedia'> =
  ({ deps }) =>
  async ({ body, ctx }) => {
    const { file, poster, altText = '', focus = { x: 0, y: 0 } } = body;
    return {
      status: 201,
      body: await core.uploadMedia(deps, {
        mediaId: resourceIdOf(ctx),
        ownerId: accountIdOf(ctx),
        file: { path: file.path, bytes: file.bytes, open: () => createReadStream(file.path) },
        poster,
        altText,
        focus,
      }),
    };
  };
