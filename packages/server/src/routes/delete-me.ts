import * as core from '@twite/core/accounts/delete-me';
import { accountIdOf, type Route } from './route.ts';

export const deleteMe: Route<'deleteMe'> =
  ({ deps }) =>
  async ({ ctx }) => {
    await core.deleteMe(deps, accountIdOf(ctx));
    return { status: 204 };
  };
