import * as core from '@twite/core/queues/manage-parked';
import type { Route } from './route.ts';

export const listParkedMessages: Route<'listParkedMessages'> =
  ({ deps }) =>
  async ({ params, query }) => ({ status: 200, body: await core.listParked(deps, params.queue, query) });
