import * as core from '@twite/core/accounts/get-account';
import { type Route, viewerOf } from './route.ts';

export const getAccount: Route<'getAccount'> =
  ({ deps }) =>
  async ({ params, ctx }) => ({
    status: 200,
    body: await core.getAccount(deps, viewerOf(ctx), params.accountId),
  });
