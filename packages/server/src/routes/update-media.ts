import * as core from '@twite/core/media/update-media';
import { accountIdOf, type Route } from './route.ts';

export const updateMedia: Route<'updateMedia'> =
  ({ deps }) =>
  async ({ params, body, ctx }) => ({
    status: 200,
    body: await core.updateMedia(deps, accountIdOf(ctx), params.mediaId, body),
  });
