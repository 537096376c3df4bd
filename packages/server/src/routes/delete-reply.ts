import * as core from '@twite/core/replies/delete-reply';
import { accountIdOf, type Route } from './route.ts';

export const deleteReply: Route<'deleteReply'> =
  ({ deps }) =>
  async ({ params, ctx }) => {
    await core.deleteReply(deps, accountIdOf(ctx), params.replyId);
    return { status: 204 };
  };
