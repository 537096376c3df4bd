import * as core from '@twite/core/replies/view-replies';
import { type Route, viewerOf } from './route.ts';

export const getReply: Route<'getReply'> =
  ({ deps }) =>
  async ({ params, ctx }) => ({
    status: 200,
    body: await core.viewReply(deps, viewerOf(ctx), params.replyId),
  });
