import * as core from '@twite/core/likes/list-post-likes';
import { type Route, viewerOf } from './route.ts';

export const listPostLikes: Route<'listPostLikes'> =
  ({ deps }) =>
  async ({ params, query, ctx }) => ({
    status: 200,
    body: await core.listPostLikes(deps, viewerOf(ctx), params.postId, query),
  });
