import * as core from '@twite/core/admin/reinstate-account';
import { principalOf, type Route } from './route.ts';

export const reinstateAccount: Route<'reinstateAccount'> =
  ({ deps }) =>
  async ({ params, ctx }) => ({
    status: 200,
    body: await core.reinstateAccount(deps, principalOf(ctx), params.accountId),
  });
