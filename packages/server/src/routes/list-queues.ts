import { presentQueue } from '@twite/core/queues/present-queue';
import type { Route } from './route.ts';

export const listQueues: Route<'listQueues'> =
  ({ deps }) =>
  async () => ({ status: 200, body: { items: (await deps.queues.list()).map(presentQueue) } });
