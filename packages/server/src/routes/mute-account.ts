import * as core from '@twite/core/mutes/mute-account';
import { accountIdOf, type Route } from './route.ts';

export const muteAccount: Route<'muteAccount'> =
  ({ deps }) =>
  async ({ params, ctx }) => ({
    status: 200,
    body: await core.muteAccount(deps, accountIdOf(ctx), params.accountId),
  });
