import * as core from '@twite/core/admin/remove-reply';
import { accountIdOf, type Route } from './route.ts';

export const removeReply: Route<'removeReply'> =
  ({ deps }) =>
  async ({ params, ctx }) => {
    await core.removeReply(deps, accountIdOf(ctx), params.replyId);
    return { status: 204 };
  };
