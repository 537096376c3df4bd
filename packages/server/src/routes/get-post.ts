import * as core from '@twite/core/posts/get-post';
import { type Route, viewerOf } from './route.ts';

export const getPost: Route<'getPost'> =
  ({ deps }) =>
  async ({ params, query, ctx }) => ({
    status: 200,
    body: await core.getPost(deps, viewerOf(ctx), params.postId, query.include),
  });
