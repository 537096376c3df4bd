import * as core from '@twite/core/accounts/get-me';
import { accountIdOf, type Route } from './route.ts';

export const getMe: Route<'getMe'> =
  ({ deps }) =>
  async ({ ctx }) => ({
    status: 200,
    body: await core.getMe(deps, accountIdOf(ctx)),
  });
