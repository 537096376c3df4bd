import * as core from '@twite/core/likes/set-like';
import { accountIdOf, type Route } from './route.ts';

export const likeReply: Route<'likeReply'> =
  ({ deps }) =>
  async ({ params, ctx }) => ({
    status: 200,
    body: await core.like(deps, accountIdOf(ctx), 'reply', params.replyId),
  });
