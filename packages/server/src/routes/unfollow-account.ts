import * as core from '@twite/core/follows/unfollow-account';
import { accountIdOf, type Route } from './route.ts';

export const unfollowAccount: Route<'unfollowAccount'> =
  ({ deps }) =>
  async ({ params, ctx }) => ({
    status: 200,
    body: await core.unfollowAccount(deps, accountIdOf(ctx), params.accountId),
  });
