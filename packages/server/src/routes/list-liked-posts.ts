import * as core from '@twite/core/likes/list-liked-posts';
import { type Route, viewerOf } from './route.ts';

export const listLikedPosts: Route<'listLikedPosts'> =
  ({ deps }) =>
  async ({ params, query, ctx }) => ({
    status: 200,
    body: await core.listLikedPosts(deps, viewerOf(ctx), params.accountId, query),
  });
