import * as core from '@twite/core/posts/list-account-posts';
import { type Route, viewerOf } from './route.ts';

export const listAccountPosts: Route<'listAccountPosts'> =
  ({ deps }) =>
  async ({ params, query, ctx }) => ({
    status: 200,
    body: await core.listAccountPosts(deps, viewerOf(ctx), params.accountId, query),
  });
