import * as core from '@twite/core/blocks/unblock-account';
import { accountIdOf, type Route } from './route.ts';

export const unblockAccount: Route<'unblockAccount'> =
  ({ deps }) =>
  async ({ params, ctx }) => ({
    status: 200,
    body: await core.unblockAccount(deps, accountIdOf(ctx), params.accountId),
  });
