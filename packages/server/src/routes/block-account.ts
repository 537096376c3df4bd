import * as core from '@twite/core/blocks/block-account';
import { accountIdOf, type Route } from './route.ts';

export const blockAccount: Route<'blockAccount'> =
  ({ deps }) =>
  async ({ params, ctx }) => ({
    status: 200,
    body: await core.blockAccount(deps, accountIdOf(ctx), params.accountId),
  });
