import * as core from '@twite/core/likes/unlike-reply';
import { accountIdOf, type Route } from './route.ts';

export const unlikeReply: Route<'unlikeReply'> =
  ({ deps }) =>
  async ({ params, ctx }) => ({
    status: 200,
    body: await core.unlikeReply(deps, accountIdOf(ctx), params.replyId),
  });
