import * as core from '@twite/core/posts/delete-post';
import { accountIdOf, type Route } from './route.ts';

export const deletePost: Route<'deletePost'> =
  ({ deps }) =>
  async ({ params, ctx }) => {
    await core.deletePost(deps, accountIdOf(ctx), params.postId);
    return { status: 204 };
  };
