import * as core from '@twite/core/likes/like-reply';
import { accountIdOf, type Route } from './route.ts';

export const likeReply: Route<'likeReply'> =
  ({ deps }) =>
  async ({ params, ctx }) => ({
    status: 200,
    body: await core.likeReply(deps, accountIdOf(ctx), params.replyId),
  });
