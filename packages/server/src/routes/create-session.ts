import * as core from '@twite/core/sessions/create-session';
import { type Route, userAgentOf } from './route.ts';

export const createSession: Route<'createSession'> =
  ({ deps, countRequest }) =>
  async ({ body, ctx }) => {
    // Whoever guesses at one account's password from many addresses is stopped before anything is hashed.
    await countRequest?.('signIn', { account: body.handle.toLowerCase() }, ctx.state, ctx.koa.res);
    return { status: 201, body: await core.createSession(deps, { ...body, userAgent: userAgentOf(ctx) }) };
  };
