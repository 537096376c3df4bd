import * as core from '@twite/core/sessions/refresh-session';
import type { Route } from './route.ts';

export const refreshSession: Route<'refreshSession'> =
  ({ deps }) =>
  async ({ body }) => ({
    status: 200,
    body: { session: await core.refreshSession(deps, body.refreshToken) },
  });
