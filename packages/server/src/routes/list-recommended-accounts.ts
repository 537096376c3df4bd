import * as core from '@twite/core/recommendations/list-recommended-accounts';
import { accountIdOf, type Route } from './route.ts';

export const listRecommendedAccounts: Route<'listRecommendedAccounts'> =
  ({ deps }) =>
  async ({ query, ctx }) => ({
    status: 200,
    body: await core.listRecommendedAccounts(deps, accountIdOf(ctx), query.limit),
  });
