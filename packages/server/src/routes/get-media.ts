import * as core from '@twite/core/media/get-media';
import { type Route, viewerOf } from './route.ts';

export const getMedia: Route<'getMedia'> =
  ({ deps }) =>
  async ({ params, ctx }) => ({
    status: 200,
    body: await core.getMedia(deps, viewerOf(ctx), params.mediaId),
  });
