import * as core from '@twite/core/media/delete-media';
import { accountIdOf, type Route } from './route.ts';

export const deleteMedia: Route<'deleteMedia'> =
  ({ deps }) =>
  async ({ params, ctx }) => {
    await core.deleteMedia(deps, accountIdOf(ctx), params.mediaId);
    return { status: 204 };
  };
