import * as core from '@twite/core/mutes/unmute-account';
import { accountIdOf, type Route } from './route.ts';

export const unmuteAccount: Route<'unmuteAccount'> =
  ({ deps }) =>
  async ({ params, ctx }) => ({
    status: 200,
    body: await core.unmuteAccount(deps, accountIdOf(ctx), params.accountId),
  });
