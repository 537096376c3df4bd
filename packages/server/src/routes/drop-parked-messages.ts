import * as core from '@twite/core/queues/drop-parked-messages';
import { accountIdOf, type Route } from './route.ts';

export const dropParkedMessages: Route<'dropParkedMessages'> =
  ({ deps }) =>
  async ({ params, body, ctx }) => ({
    status: 200,
    body: await core.dropParkedMessages(deps, accountIdOf(ctx), params.queue, body.messageIds),
  });
