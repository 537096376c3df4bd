import * as core from '@twite/core/password-resets/reset-password';
import type { Route } from './route.ts';

export const resetPassword: Route<'resetPassword'> =
  ({ deps }) =>
  async ({ body }) => {
    await core.resetPassword(deps, body);
    return { status: 204 };
  };
