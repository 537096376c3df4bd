import * as core from '@twite/core/recommendations/list-recommended-accounts';
import { createPopularAccounts } from '@twite/core/recommendations/popular-accounts';
import { accountIdOf, type Route } from './route.ts';

export const listRecommendedAccounts: Route<'listRecommendedAccounts'> = ({ deps }) => {
  const popularAccounts = createPopularAccounts(deps);
  return async ({ query, ctx }) => ({
    status: 200,
    body: await core.listRecommendedAccounts({ ...deps, popularAccounts }, accountIdOf(ctx), query.limit),
  });
};
