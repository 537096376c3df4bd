import { z } from 'zod4';
import { adminAccount, adminAccountPage } from '../entities/account.ts';
import { freeText } from '../entities/free-text.ts';
import { auditEntryPage, instance, stats } from '../entities/instance.ts';
import { pageQuery } from '../entities/page.ts';
import { role } from '../entities/primitives.ts';
import { passwordReset } from '../entities/session.ts';
import {
  messageCount,
  messageSelection,
  parkedMessagePage,
  parkedQuery,
  queueList,
  queueName,
  status,
} from '../entities/status.ts';
import { operation } from '../operation.ts';
import { created, empty, jsonBody, noBody, ok, page } from '../payloads.ts';
import { accountId } from './accounts.ts';
import { postId, replyId } from './posts.ts';

const queue = z.object({ queue: queueName });

export const admin = {
  getInstance: operation({
    method: 'GET',
    path: '/instance',
    summary: 'Get the name, version and limits of this instance',
    description:
      'Requires no account. Read the limits here instead of hard-coding them: each instance sets its own.',
    service: 'profile',
    sdk: 'instance.get',
    cli: 'instance',
    auth: 'none',
    answer: ok(instance),
  }),
  getStats: operation({
    method: 'GET',
    path: '/admin/stats',
    summary: 'Get the totals of the instance',
    description: 'Returns the number of accounts, posts, replies, likes and follows. Admins only.',
    service: 'profile',
    sdk: 'admin.getStats',
    cli: 'admin stats',
    role: 'admin',
    answer: ok(stats),
  }),
  listAllAccounts: operation({
    method: 'GET',
    path: '/admin/accounts',
    summary: 'List all accounts, newest first',
    description: 'Includes suspended accounts; `status` filters them. Moderators and admins only.',
    service: 'profile',
    sdk: 'admin.listAccounts',
    cli: 'admin accounts',
    role: 'moderator',
    query: z.object({ ...pageQuery.shape, status: z.enum(['active', 'suspended']).optional() }),
    answer: page(adminAccountPage),
  }),
  suspendAccount: operation({
    method: 'PUT',
    path: '/admin/accounts/:accountId/suspension',
    summary: 'Suspend an account',
    description:
      'Ends its sessions and tokens, and hides its posts, replies and likes from everyone until you reinstate it. `reason` is visible to moderators and in the audit log. You cannot suspend yourself or the last admin. Suspending an account again has no effect.',
    service: 'profile',
    sdk: 'admin.suspendAccount',
    cli: 'admin suspend',
    role: 'moderator',
    pathParams: accountId,
    body: jsonBody(
      z
        .strictObject({
          reason: freeText(500, { lines: true })
            .meta({ examples: ['Spam.'] })
            .optional(),
        })
        .meta({ id: 'Suspension' })
        .optional(),
    ),
    answer: ok(adminAccount),
    errors: ['account_not_found', 'self_action', 'last_admin'],
  }),
  reinstateAccount: operation({
    method: 'DELETE',
    path: '/admin/accounts/:accountId/suspension',
    summary: 'Reinstate an account',
    description:
      'Makes its posts, replies and likes visible again and lets it sign in. Reinstating an active account has no effect.',
    service: 'profile',
    sdk: 'admin.reinstateAccount',
    cli: 'admin reinstate',
    role: 'moderator',
    pathParams: accountId,
    body: noBody,
    answer: ok(adminAccount),
    errors: ['account_not_found'],
  }),
  setRole: operation({
    method: 'PUT',
    path: '/admin/accounts/:accountId/role',
    summary: 'Set the role of an account',
    description:
      'Takes effect with the next request of that account. You cannot change the role of the last admin (`last_admin`). Admins only.',
    service: 'profile',
    sdk: 'admin.setRole',
    cli: 'admin role',
    role: 'admin',
    pathParams: accountId,
    body: jsonBody(z.strictObject({ role }).meta({ id: 'RoleChange' })),
    answer: ok(adminAccount),
    errors: ['account_not_found', 'last_admin'],
  }),
  createPasswordReset: operation({
    method: 'POST',
    path: '/admin/accounts/:accountId/password-resets',
    summary: 'Create a password reset link',
    description:
      'The link works once, within an hour, and replaces earlier links. Give it to the owner of the account. Only the operator can reset the password of an admin, with `twite admin password` on the server.',
    service: 'profile',
    sdk: 'admin.createPasswordReset',
    cli: 'admin reset-password',
    role: 'admin',
    pathParams: accountId,
    body: noBody,
    answer: created(passwordReset),
    errors: ['answer_revoked', 'account_not_found', 'self_action'],
  }),
  removePost: operation({
    method: 'DELETE',
    path: '/admin/posts/:postId',
    summary: 'Remove any post',
    description:
      'Also deletes its replies, likes and media, and adds an entry to the audit log. You cannot undo this. Moderators and admins only.',
    service: 'profile',
    sdk: 'admin.removePost',
    cli: 'admin remove-post',
    role: 'moderator',
    pathParams: postId,
    body: noBody,
    answer: empty,
    errors: ['post_not_found'],
  }),
  removeReply: operation({
    method: 'DELETE',
    path: '/admin/replies/:replyId',
    summary: 'Remove any reply',
    description: 'Adds an entry to the audit log. You cannot undo this. Moderators and admins only.',
    service: 'profile',
    sdk: 'admin.removeReply',
    cli: 'admin remove-reply',
    role: 'moderator',
    pathParams: replyId,
    body: noBody,
    answer: empty,
    errors: ['reply_not_found'],
  }),
  listAuditLog: operation({
    method: 'GET',
    path: '/admin/audit-log',
    summary: 'List the audit log, newest first',
    description: 'Each entry says which moderator or admin did what to whom, and when. Admins only.',
    service: 'profile',
    sdk: 'admin.listAuditLog',
    cli: 'admin audit-log',
    role: 'admin',
    query: pageQuery,
    answer: page(auditEntryPage),
  }),
  getStatus: operation({
    method: 'GET',
    path: '/admin/status',
    summary: 'Get the status of the instance',
    description:
      'Returns every dependency with its latency, every queue with the number of waiting messages, every process, and everything that is degraded. Admins only; for probes, use `/readyz`.',
    service: 'profile',
    sdk: 'admin.getStatus',
    cli: 'status',
    role: 'admin',
    answer: ok(status),
  }),
  listQueues: operation({
    method: 'GET',
    path: '/admin/queues',
    summary: 'List the queues',
    description:
      'Returns the same numbers as getStatus. `parked` is the number of messages that failed five times and were set aside. Admins only.',
    service: 'profile',
    sdk: 'admin.listQueues',
    cli: 'admin queues list',
    role: 'admin',
    answer: ok(queueList),
  }),
  listParkedMessages: operation({
    method: 'GET',
    path: '/admin/queues/:queue/parked',
    summary: 'List the parked messages of a queue, oldest first',
    description:
      'Each message has its last error, so that you can decide whether to replay or drop it. Admins only.',
    service: 'profile',
    sdk: 'admin.listParkedMessages',
    cli: 'admin queues show',
    role: 'admin',
    pathParams: queue,
    query: parkedQuery,
    answer: page(parkedMessagePage),
    errors: ['queue_not_found'],
  }),
  replayParkedMessages: operation({
    method: 'POST',
    path: '/admin/queues/:queue/replay',
    summary: 'Replay parked messages',
    description:
      'Returns them to their queue. Fix the cause first: messages that fail again are parked again. Returns the number of replayed messages. Admins only.',
    service: 'profile',
    sdk: 'admin.replayParkedMessages',
    cli: 'admin queues replay',
    role: 'admin',
    pathParams: queue,
    body: jsonBody(messageSelection),
    answer: ok(messageCount),
    errors: ['queue_not_found'],
  }),
  dropParkedMessages: operation({
    method: 'POST',
    path: '/admin/queues/:queue/drop',
    summary: 'Drop parked messages',
    description:
      'Permanently deletes the messages without handling them. Returns the number of dropped messages. Admins only.',
    service: 'profile',
    sdk: 'admin.dropParkedMessages',
    cli: 'admin queues drop',
    role: 'admin',
    pathParams: queue,
    body: jsonBody(messageSelection),
    answer: ok(messageCount),
    errors: ['queue_not_found'],
  }),
};
