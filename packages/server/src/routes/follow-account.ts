import * as core from '@twite/core/follows/follow-account';
import { accountIdOf, type Route } from './route.ts';

export const followAccount: Route<'followAccount'> =
  ({ deps }) =>
  async ({ params, ctx }) => ({
    status: 200,
    body: await core.followAccount(deps, accountIdOf(ctx), params.accountId),
  });
