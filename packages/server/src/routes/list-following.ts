import * as core from '@twite/core/follows/list-following';
import { type Route, viewerOf } from './route.ts';

export const listFollowing: Route<'listFollowing'> =
  ({ deps }) =>
  async ({ params, query, ctx }) => ({
    status: 200,
    body: await core.listFollowing(deps, viewerOf(ctx), params.accountId, query),
  });
