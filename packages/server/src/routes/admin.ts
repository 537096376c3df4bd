import { getStats } from '@twite/core/admin/get-stats';
import { getStatus } from '@twite/core/admin/get-status';
import { listAllAccounts } from '@twite/core/admin/list-all-accounts';
import { listAuditLog } from '@twite/core/admin/list-audit-log';
import { reinstateAccount } from '@twite/core/admin/reinstate-account';
import { removePost } from '@twite/core/admin/remove-post';
import { removeReply } from '@twite/core/admin/remove-reply';
import { setRole } from '@twite/core/admin/set-role';
import { suspendAccount } from '@twite/core/admin/suspend-account';
import { getInstance } from '@twite/core/instance/get-instance';
import { createPasswordReset } from '@twite/core/password-resets/create-password-reset';
import { dropParkedMessages } from '@twite/core/queues/drop-parked-messages';
import { listParkedMessages } from '@twite/core/queues/list-parked-messages';
import { listQueues } from '@twite/core/queues/list-queues';
import { replayParkedMessages } from '@twite/core/queues/replay-parked-messages';
import { publicUrlOf } from '../http/public-url.ts';
import { accountIdOf, principalOf, type RouteContext, type RoutesOf } from './route.ts';

export function adminRoutes({ deps, config, ownProcess, engineStatus }: RouteContext): RoutesOf<'admin'> {
  const instance = Object.freeze(
    getInstance(deps.settings, {
      name: config.instanceName,
      version: ownProcess.version,
      services: config.services,
      jsonBodyBytesMax: config.jsonBodyBytesMax,
      rateLimits: Object.fromEntries(
        Object.entries(config.rateLimits ?? {}).map(([policy, { perAccount, perAddress }]) => [
          policy,
          { perAccount, perAddress },
        ]),
      ),
    }),
  );
  return {
    getInstance: async () => ({ status: 200, body: instance }),
    getStats: async () => ({ status: 200, body: await getStats(deps) }),
    listAllAccounts: async ({ query }) => ({
      status: 200,
      body: await listAllAccounts(deps, query),
    }),
    suspendAccount: async ({ params, body, ctx }) => ({
      status: 200,
      body: await suspendAccount(deps, principalOf(ctx), params.accountId, body?.reason ?? null),
    }),
    reinstateAccount: async ({ params, ctx }) => ({
      status: 200,
      body: await reinstateAccount(deps, principalOf(ctx), params.accountId),
    }),
    setRole: async ({ params, body, ctx }) => ({
      status: 200,
      body: await setRole(deps, accountIdOf(ctx), params.accountId, body.role),
    }),
    createPasswordReset: async ({ params, ctx }) => ({
      status: 201,
      body: await createPasswordReset(
        deps,
        principalOf(ctx).account,
        params.accountId,
        publicUrlOf(config, ctx.koa.req.socket),
      ),
    }),
    removePost: async ({ params, ctx }) => {
      await removePost(deps, accountIdOf(ctx), params.postId);
      return { status: 204 };
    },
    removeReply: async ({ params, ctx }) => {
      await removeReply(deps, accountIdOf(ctx), params.replyId);
      return { status: 204 };
    },
    listAuditLog: async ({ query }) => ({
      status: 200,
      body: await listAuditLog(deps, query),
    }),
    getStatus: async () => ({ status: 200, body: await getStatus(deps, engineStatus, ownProcess) }),
    listQueues: async () => ({ status: 200, body: await listQueues(deps) }),
    listParkedMessages: async ({ params, query }) => ({
      status: 200,
      body: await listParkedMessages(deps, params.queue, query),
    }),
    replayParkedMessages: async ({ params, body, ctx }) => ({
      status: 200,
      body: await replayParkedMessages(deps, accountIdOf(ctx), params.queue, body.messageIds),
    }),
    dropParkedMessages: async ({ params, body, ctx }) => ({
      status: 200,
      body: await dropParkedMessages(deps, accountIdOf(ctx), params.queue, body.messageIds),
    }),
  };
}
