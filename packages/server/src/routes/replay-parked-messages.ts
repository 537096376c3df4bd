import * as core from '@twite/core/queues/replay-parked-messages';
import { accountIdOf, type Route } from './route.ts';

export const replayParkedMessages: Route<'replayParkedMessages'> =
  ({ deps }) =>
  async ({ params, body, ctx }) => ({
    status: 200,
    body: await core.replayParkedMessages(deps, accountIdOf(ctx), params.queue, body.messageIds),
  });
