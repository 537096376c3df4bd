import * as core from '@twite/core/sessions/create-session';
import { findKnownDevice } from '@twite/core/sessions/device-token';
import { clientKeyOf, hashRequesterOf, type Route, userAgentOf } from './route.ts';

export const createSession: Route<'createSession'> =
  ({ deps, countRequest }) =>
  async ({ body: { handle, password, deviceToken }, ctx }) => {
    const account = handle.toLowerCase();
    const device = await findKnownDevice(deps, handle, deviceToken);
    // Before anything is hashed. Known clients are not delayed by those who guess.
    const subject = device
      ? { device: `${account}:${device.deviceId}` }
      : { account, accountFrom: clientKeyOf(ctx) };
    await countRequest?.('signIn', subject, ctx.state, ctx.koa.res);
    const requester = hashRequesterOf(ctx, { handle: account, isKnown: device !== undefined });
    const input = { handle, password, device, requester, userAgent: userAgentOf(ctx) };
    return { status: 201, body: await core.createSession(deps, input) };
  };
