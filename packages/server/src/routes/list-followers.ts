import * as core from '@twite/core/follows/list-followers';
import { type Route, viewerOf } from './route.ts';

export const listFollowers: Route<'listFollowers'> =
  ({ deps }) =>
  async ({ params, query, ctx }) => ({
    status: 200,
    body: await core.listFollowers(deps, viewerOf(ctx), params.accountId, query),
  });
