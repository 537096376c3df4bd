import * as core from '@twite/core/search/search-accounts';
import { type Route, viewerOf } from './route.ts';

export const searchAccounts: Route<'searchAccounts'> =
  ({ deps }) =>
  async ({ query, ctx }) => ({
    status: 200,
    body: await core.searchAccounts(deps, viewerOf(ctx), query.q, query),
  });
