import * as core from '@twite/core/accounts/change-password';
import { accountIdOf, principalOf, type Route } from './route.ts';

export const changePassword: Route<'changePassword'> =
  ({ deps }) =>
  async ({ body, ctx }) => {
    await core.changePassword(deps, {
      accountId: accountIdOf(ctx),
      sessionId: principalOf(ctx).sessionId,
      ...body,
    });
    return { status: 204 };
  };
