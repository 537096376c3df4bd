import * as core from '@twite/core/accounts/delete-me';
import { accountIdOf, type Route } from './route.ts';

export const deleteMe: Route<'deleteMe'> =
  ({ deps }) =>
  async ({ body, ctx }) => {
    await core.deleteMe(deps, accountIdOf(ctx), body.password);
    return { status: 204 };
  };
