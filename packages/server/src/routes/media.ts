import { createReadStream } from 'node:fs';
import { deleteMedia } from '@twite/core/media/delete-media';
import { getMedia } from '@twite/core/media/get-media';
import { updateMedia } from '@twite/core/media/update-media';
import { uploadMedia } from '@twite/core/media/upload-media';
import { accountIdOf, type RouteContext, type RoutesOf, resourceIdOf, viewerOf } from './route.ts';

export const mediaRoutes = ({ deps }: RouteContext): RoutesOf<'media'> => ({
  uploadMedia: async ({ body, ctx }) => {
    const { file, poster, altText = '', focus = { x: 0, y: 0 } } = body;
    return {
      status: 201,
      body: await uploadMedia(deps, {
        mediaId: resourceIdOf(ctx),
        ownerId: accountIdOf(ctx),
        file: { path: file.path, bytes: file.bytes, open: () => createReadStream(file.path) },
        poster,
        altText,
        focus,
      }),
    };
  },
  getMedia: async ({ params, ctx }) => ({
    status: 200,
    body: await getMedia(deps, viewerOf(ctx), params.mediaId),
  }),
  updateMedia: async ({ params, body, ctx }) => ({
    status: 200,
    body: await updateMedia(deps, accountIdOf(ctx), params.mediaId, body),
  }),
  deleteMedia: async ({ params, ctx }) => {
    await deleteMedia(deps, accountIdOf(ctx), params.mediaId);
    return { status: 204 };
  },
});
