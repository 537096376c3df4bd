import * as core from '@twite/core/admin/list-all-accounts';
import type { Route } from './route.ts';

export const listAllAccounts: Route<'listAllAccounts'> =
  ({ deps }) =>
  async ({ query }) => ({
    status: 200,
    body: await core.listAllAccounts(deps, query),
  });
