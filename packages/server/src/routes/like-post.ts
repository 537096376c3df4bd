import * as core from '@twite/core/likes/set-like';
import { accountIdOf, type Route } from './route.ts';

export const likePost: Route<'likePost'> =
  ({ deps }) =>
  async ({ params, ctx }) => ({
    status: 200,
    body: await core.like(deps, accountIdOf(ctx), 'post', params.postId),
  });
