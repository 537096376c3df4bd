import * as core from '@twite/core/search/search-posts';
import { type Route, viewerOf } from './route.ts';

export const searchPosts: Route<'searchPosts'> =
  ({ deps }) =>
  async ({ query, ctx }) => ({
    status: 200,
    body: await core.searchPosts(deps, viewerOf(ctx), query.q, query),
  });
