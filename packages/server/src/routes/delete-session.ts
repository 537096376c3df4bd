import * as core from '@twite/core/sessions/delete-session';
import { principalOf, type Route } from './route.ts';

export const deleteSession: Route<'deleteSession'> =
  ({ deps }) =>
  async ({ params, ctx }) => {
    const { account, sessionId: current } = principalOf(ctx);
    const sessionId = params.sessionId === 'current' ? current : params.sessionId;
    await core.deleteSession(deps, account.accountId, sessionId);
    return { status: 204 };
  };
