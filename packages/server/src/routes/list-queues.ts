import type { Route } from './route.ts';

export const listQueues: Route<'listQueues'> =
  ({ deps }) =>
  async () => ({ status: 200, body: { items: [...(await deps.queues.list())] } });
