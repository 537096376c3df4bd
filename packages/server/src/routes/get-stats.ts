import type { Route } from './route.ts';

export const getStats: Route<'getStats'> =
  ({ deps }) =>
  async () => ({ status: 200, body: await deps.stats.count() });
