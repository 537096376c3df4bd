import * as core from '@twite/core/admin/set-role';
import { accountIdOf, type Route } from './route.ts';

export const setRole: Route<'setRole'> =
  ({ deps }) =>
  async ({ params, body, ctx }) => ({
    status: 200,
    body: await core.setRole(deps, accountIdOf(ctx), params.accountId, body.role),
  });
