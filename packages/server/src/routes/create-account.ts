import * as core from '@twite/core/accounts/create-account';
import { hashRequesterOf, type Route, resourceIdOf, userAgentOf } from './route.ts';

export const createAccount: Route<'createAccount'> =
  ({ deps }) =>
  async ({ body, ctx }) => ({
    status: 201,
    body: await core.createAccount(deps, {
      accountId: resourceIdOf(ctx),
      userAgent: userAgentOf(ctx),
      requester: hashRequesterOf(ctx),
      ...body,
    }),
  });
