import * as core from '@twite/core/queues/list-parked-messages';
import type { Route } from './route.ts';

export const listParkedMessages: Route<'listParkedMessages'> =
  ({ deps }) =>
  async ({ params, query }) => ({
    status: 200,
    body: await core.listParkedMessages(deps, params.queue, query),
  });
