import * as core from '@twite/core/likes/unlike-post';
import { accountIdOf, type Route } from './route.ts';

export const unlikePost: Route<'unlikePost'> =
  ({ deps }) =>
  async ({ params, ctx }) => ({
    status: 200,
    body: await core.unlikePost(deps, accountIdOf(ctx), params.postId),
  });
