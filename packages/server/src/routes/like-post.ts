import * as core from '@twite/core/likes/like-post';
import { accountIdOf, type Route } from './route.ts';

export const likePost: Route<'likePost'> =
  ({ deps }) =>
  async ({ params, ctx }) => ({
    status: 200,
    body: await core.likePost(deps, accountIdOf(ctx), params.postId),
  });
