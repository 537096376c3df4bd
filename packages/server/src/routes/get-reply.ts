import * as core from '@twite/core/replies/get-reply';
import { type Route, viewerOf } from './route.ts';

export const getReply: Route<'getReply'> =
  ({ deps }) =>
  async ({ params, ctx }) => ({
    status: 200,
    body: await core.getReply(deps, viewerOf(ctx), params.replyId),
  });
