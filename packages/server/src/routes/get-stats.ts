import * as core from '@twite/core/admin/get-stats';
import type { Route } from './route.ts';

export const getStats: Route<'getStats'> =
  ({ deps }) =>
  async () => ({ status: 200, body: await core.getStats(deps) });
