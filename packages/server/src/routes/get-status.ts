import * as core from '@twite/core/admin/get-status';
import type { Route } from './route.ts';

export const getStatus: Route<'getStatus'> =
  ({ deps, engineStatus, ownProcess }) =>
  async () => ({ status: 200, body: await core.getStatus(deps, engineStatus, ownProcess) });
