import * as core from '@twite/core/admin/remove-post';
import { accountIdOf, type Route } from './route.ts';

export const removePost: Route<'removePost'> =
  ({ deps }) =>
  async ({ params, ctx }) => {
    await core.removePost(deps, accountIdOf(ctx), params.postId);
    return { status: 204 };
  };
