import * as core from '@twite/core/accounts/update-me';
import { accountIdOf, type Route } from './route.ts';

export const updateMe: Route<'updateMe'> =
  ({ deps }) =>
  async ({ body, ctx }) => ({
    status: 200,
    body: await core.updateMe(deps, accountIdOf(ctx), body),
  });
