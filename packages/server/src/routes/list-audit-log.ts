import * as core from '@twite/core/admin/list-audit-log';
import type { Route } from './route.ts';

export const listAuditLog: Route<'listAuditLog'> =
  ({ deps }) =>
  async ({ query }) => ({
    status: 200,
    body: await core.listAuditLog(deps, query),
  });
