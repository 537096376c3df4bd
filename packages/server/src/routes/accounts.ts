import { changePassword } from '@twite/core/accounts/change-password';
import { createAccount } from '@twite/core/accounts/create-account';
import { deleteMe } from '@twite/core/accounts/delete-me';
import { getAccount } from '@twite/core/accounts/get-account';
import { getAccountByHandle } from '@twite/core/accounts/get-account-by-handle';
import { getMe } from '@twite/core/accounts/get-me';
import { updateMe } from '@twite/core/accounts/update-me';
import { listRecommendedAccounts } from '@twite/core/recommendations/list-recommended-accounts';
import { createPopularAccounts } from '@twite/core/recommendations/popular-accounts';
import {
  accountIdOf,
  hashRequesterOf,
  principalOf,
  type RouteContext,
  type RoutesOf,
  resourceIdOf,
  userAgentOf,
  viewerOf,
} from './route.ts';

export function accountRoutes({ deps }: RouteContext): RoutesOf<'accounts'> {
  const popularAccounts = createPopularAccounts(deps);
  return {
    createAccount: async ({ body, ctx }) => ({
      status: 201,
      body: await createAccount(deps, {
        accountId: resourceIdOf(ctx),
        userAgent: userAgentOf(ctx),
        requester: hashRequesterOf(ctx),
        ...body,
      }),
    }),
    getAccount: async ({ params, ctx }) => ({
      status: 200,
      body: await getAccount(deps, viewerOf(ctx), params.accountId),
    }),
    getAccountByHandle: async ({ params, ctx }) => ({
      status: 200,
      body: await getAccountByHandle(deps, viewerOf(ctx), params.handle),
    }),
    getMe: async ({ ctx }) => ({
      status: 200,
      body: await getMe(deps, accountIdOf(ctx)),
    }),
    updateMe: async ({ body, ctx }) => ({
      status: 200,
      body: await updateMe(deps, accountIdOf(ctx), body),
    }),
    deleteMe: async ({ body, ctx }) => {
      await deleteMe(deps, accountIdOf(ctx), body.password);
      return { status: 204 };
    },
    changePassword: async ({ body, ctx }) => {
      await changePassword(deps, {
        accountId: accountIdOf(ctx),
        sessionId: principalOf(ctx).sessionId,
        ...body,
      });
      return { status: 204 };
    },
    listRecommendedAccounts: async ({ query, ctx }) => ({
      status: 200,
      body: await listRecommendedAccounts({ ...deps, popularAccounts }, accountIdOf(ctx), query.limit),
    }),
  };
}
