import { resetPassword } from '@twite/core/password-resets/reset-password';
import { createSession } from '@twite/core/sessions/create-session';
import { deleteSession } from '@twite/core/sessions/delete-session';
import { findKnownDevice } from '@twite/core/sessions/device-token';
import { listSessions } from '@twite/core/sessions/list-sessions';
import { refreshSession } from '@twite/core/sessions/refresh-session';
import { createToken } from '@twite/core/tokens/create-token';
import { deleteToken } from '@twite/core/tokens/delete-token';
import { listTokens } from '@twite/core/tokens/list-tokens';
import {
  accountIdOf,
  clientKeyOf,
  hashRequesterOf,
  principalOf,
  type RouteContext,
  type RoutesOf,
  resourceIdOf,
  userAgentOf,
} from './route.ts';

export const sessionRoutes = ({ deps, countRequest }: RouteContext): RoutesOf<'sessions'> => ({
  createSession: async ({ body: { handle, password, deviceToken }, ctx }) => {
    const account = handle.toLowerCase();
    const device = await findKnownDevice(deps, handle, deviceToken);
    // Before anything is hashed. Known clients are not delayed by those who guess.
    const subject = device
      ? { device: `${account}:${device.deviceId}` }
      : { account, accountFrom: clientKeyOf(ctx) };
    await countRequest?.('signIn', subject, ctx.state, ctx.koa.res);
    const requester = hashRequesterOf(ctx, { handle: account, isKnown: device !== undefined });
    const input = { handle, password, device, requester, userAgent: userAgentOf(ctx) };
    return { status: 201, body: await createSession(deps, input) };
  },
  refreshSession: async ({ body }) => ({
    status: 200,
    body: { session: await refreshSession(deps, body.refreshToken) },
  }),
  resetPassword: async ({ body }) => {
    await resetPassword(deps, body);
    return { status: 204 };
  },
  listSessions: async ({ query, ctx }) => ({
    status: 200,
    body: await listSessions(deps, accountIdOf(ctx), principalOf(ctx).sessionId, query),
  }),
  deleteSession: async ({ params, ctx }) => {
    const { account, sessionId: current } = principalOf(ctx);
    const sessionId = params.sessionId === 'current' ? current : params.sessionId;
    await deleteSession(deps, account.accountId, sessionId);
    return { status: 204 };
  },
  createToken: async ({ body, ctx }) => ({
    status: 201,
    body: await createToken(deps, principalOf(ctx), { tokenId: resourceIdOf(ctx), ...body }),
  }),
  listTokens: async ({ query, ctx }) => ({
    status: 200,
    body: await listTokens(deps, accountIdOf(ctx), query),
  }),
  deleteToken: async ({ params, ctx }) => {
    await deleteToken(deps, accountIdOf(ctx), params.tokenId);
    return { status: 204 };
  },
});
