import * as core from '@twite/core/password-resets/create-password-reset';
import { publicUrlOf } from '../http/public-url.ts';
import { principalOf, type Route } from './route.ts';

export const createPasswordReset: Route<'createPasswordReset'> =
  ({ deps, config }) =>
  async ({ params, ctx }) => ({
    status: 201,
    body: await core.createPasswordReset(
      deps,
      principalOf(ctx).account,
      params.accountId,
      publicUrlOf(config, ctx.koa.req.socket),
    ),
  });
