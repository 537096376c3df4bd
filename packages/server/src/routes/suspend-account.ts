import * as core from '@twite/core/admin/suspend-account';
import { principalOf, type Route } from './route.ts';

export const suspendAccount: Route<'suspendAccount'> =
  ({ deps }) =>
  async ({ params, body, ctx }) => ({
    status: 200,
    body: await core.suspendAccount(deps, principalOf(ctx), params.accountId, body?.reason ?? null),
  });
