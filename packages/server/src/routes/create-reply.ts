import * as core from '@twite/core/replies/create-reply';
import { accountIdOf, type Route, resourceIdOf } from './route.ts';

export const createReply: Route<'createReply'> =
  ({ deps }) =>
  async ({ params, body, ctx }) => ({
    status: 201,
    body: await core.createReply(deps, {
      replyId: resourceIdOf(ctx),
      postId: params.postId,
      parentReplyId: body.parentReplyId,
      authorId: accountIdOf(ctx),
      text: body.text,
      mediaIds: body.mediaIds,
    }),
  });
