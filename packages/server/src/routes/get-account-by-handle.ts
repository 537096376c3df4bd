import * as core from '@twite/core/accounts/get-account-by-handle';
import { type Route, viewerOf } from './route.ts';

export const getAccountByHandle: Route<'getAccountByHandle'> =
  ({ deps }) =>
  async ({ params, ctx }) => ({
    status: 200,
    body: await core.getAccountByHandle(deps, viewerOf(ctx), params.handle),
  });
