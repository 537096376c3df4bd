import * as core from '@twite/core/likes/set-like';
import { accountIdOf, type Route } from './route.ts';

export const unlikePost: Route<'unlikePost'> =
  ({ deps }) =>
  async ({ params, ctx }) => ({
    status: 200,
    body: await core.unlike(deps, accountIdOf(ctx), 'post', params.postId),
  });
