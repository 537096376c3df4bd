import * as core from '@twite/core/likes/set-like';
import { accountIdOf, type Route } from './route.ts';

export const unlikeReply: Route<'unlikeReply'> =
  ({ deps }) =>
  async ({ params, ctx }) => ({
    status: 200,
    body: await core.unlike(deps, accountIdOf(ctx), 'reply', params.replyId),
  });
