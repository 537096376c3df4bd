import * as core from '@twite/core/queues/list-queues';
import type { Route } from './route.ts';

export const listQueues: Route<'listQueues'> =
  ({ deps }) =>
  async () => ({ status: 200, body: await core.listQueues(deps) });
