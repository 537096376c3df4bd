import { initContract } from '@ts-rest/core';
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
import { accountId } from './accounts.ts';
import { postId, replyId } from './posts.ts';

const c = initContract();

const queue = z.object({ queue: queueName });

export const admin = {
  getInstance: operation({
    method: 'GET',
    path: '/instance',
    summary: 'Read what this instance is and what its limits are',
    description:
      'Needs no account. Read the limits from here instead of writing them into a client: each instance sets its own.',
    service: 'profile',
    auth: 'none',
    responses: { 200: instance },
  }),
  getStats: operation({
    method: 'GET',
    path: '/admin/stats',
    summary: 'Count what the instance holds',
    description: 'Totals of accounts, posts, replies, likes and follows. Admins only.',
    service: 'profile',
    role: 'admin',
    responses: { 200: stats },
  }),
  listAllAccounts: operation({
    method: 'GET',
    path: '/admin/accounts',
    summary: 'List all accounts, newest first, suspended ones too',
    description: '`status` keeps only active or only suspended accounts. Moderators and admins only.',
    service: 'profile',
    role: 'moderator',
    query: z.object({ ...pageQuery.shape, status: z.enum(['active', 'suspended']).optional() }),
    responses: { 200: adminAccountPage },
  }),
  suspendAccount: operation({
    method: 'PUT',
    path: '/admin/accounts/:accountId/suspension',
    summary: 'Suspend an account: it is signed out, and nothing of it is seen',
    description:
      'Its sessions and tokens end, and its posts, replies and likes are hidden from everyone until it is reinstated. `reason` is shown to moderators and is kept in the audit log. You cannot suspend yourself or the last admin. Repeating it changes nothing.',
    service: 'profile',
    role: 'moderator',
    pathParams: accountId,
    body: z
      .strictObject({
        reason: freeText(500, { lines: true })
          .meta({ examples: ['Spam.'] })
          .optional(),
      })
      .meta({ id: 'Suspension' })
      .optional(),
    responses: { 200: adminAccount },
    errors: ['account_not_found', 'self_action', 'last_admin'],
  }),
  reinstateAccount: operation({
    method: 'DELETE',
    path: '/admin/accounts/:accountId/suspension',
    summary: 'End a suspension',
    description:
      'What the account wrote is visible again, and it can sign in. Reinstating an active account changes nothing.',
    service: 'profile',
    role: 'moderator',
    pathParams: accountId,
    responses: { 200: adminAccount },
    errors: ['account_not_found'],
  }),
  setRole: operation({
    method: 'PUT',
    path: '/admin/accounts/:accountId/role',
    summary: 'Set the role of an account',
    description:
      'Takes effect at the next request of that account. The last admin cannot be given another role (`last_admin`). Admins only.',
    service: 'profile',
    role: 'admin',
    pathParams: accountId,
    body: z.strictObject({ role }).meta({ id: 'RoleChange' }),
    responses: { 200: adminAccount },
    errors: ['account_not_found', 'last_admin'],
  }),
  createPasswordReset: operation({
    method: 'POST',
    path: '/admin/accounts/:accountId/password-resets',
    summary: 'Create a link that resets the password of an account',
    description:
      'The link works once, for an hour, and replaces the one before. Give it to the owner of the account. Passwords of admins are reset by the operator, on the machine.',
    service: 'profile',
    role: 'admin',
    pathParams: accountId,
    responses: { 201: passwordReset },
    errors: ['answer_revoked', 'account_not_found', 'self_action'],
  }),
  removePost: operation({
    method: 'DELETE',
    path: '/admin/posts/:postId',
    summary: 'Remove a post of anyone',
    description:
      'Its replies, likes and media go with it. This cannot be undone, and is kept in the audit log. Moderators and admins only.',
    service: 'profile',
    role: 'moderator',
    pathParams: postId,
    responses: { 204: c.noBody() },
    errors: ['post_not_found'],
  }),
  removeReply: operation({
    method: 'DELETE',
    path: '/admin/replies/:replyId',
    summary: 'Remove a reply of anyone',
    description: 'This cannot be undone, and is kept in the audit log. Moderators and admins only.',
    service: 'profile',
    role: 'moderator',
    pathParams: replyId,
    responses: { 204: c.noBody() },
    errors: ['reply_not_found'],
  }),
  listAuditLog: operation({
    method: 'GET',
    path: '/admin/audit-log',
    summary: 'List what moderators and admins did, newest first',
    description: 'Each entry tells who did what to whom, and when. Admins only.',
    service: 'profile',
    role: 'admin',
    query: pageQuery,
    responses: { 200: auditEntryPage },
  }),
  getStatus: operation({
    method: 'GET',
    path: '/admin/status',
    summary: 'See how the instance stands: what it depends on, what waits, what is degraded',
    description:
      'Every dependency with its latency, every queue with what waits in it, and every process. Admins only; for a probe use `/readyz`.',
    service: 'profile',
    role: 'admin',
    responses: { 200: status },
  }),
  listQueues: operation({
    method: 'GET',
    path: '/admin/queues',
    summary: 'List the queues of work, with what waits and what was parked',
    description:
      'The same numbers as in getStatus. `parked` counts messages that were put aside after failing five times. Admins only.',
    service: 'profile',
    role: 'admin',
    responses: { 200: queueList },
  }),
  listParkedMessages: operation({
    method: 'GET',
    path: '/admin/queues/:queue/parked',
    summary: 'List the parked messages of a queue, oldest first',
    description:
      'Each with its last error, so that you can decide whether to replay or to drop it. Admins only.',
    service: 'profile',
    role: 'admin',
    pathParams: queue,
    query: parkedQuery,
    responses: { 200: parkedMessagePage },
    errors: ['queue_not_found'],
  }),
  replayParkedMessages: operation({
    method: 'POST',
    path: '/admin/queues/:queue/replay',
    summary: 'Give parked messages to their queue again',
    description:
      'Do this once the cause of the failure is gone; a message that fails again is parked again. Answers how many were replayed. Admins only.',
    service: 'profile',
    role: 'admin',
    pathParams: queue,
    body: messageSelection,
    responses: { 200: messageCount },
    errors: ['queue_not_found'],
  }),
  dropParkedMessages: operation({
    method: 'POST',
    path: '/admin/queues/:queue/drop',
    summary: 'Erase parked messages for good',
    description:
      'The work that these messages stand for is never done. Answers how many were dropped. Admins only.',
    service: 'profile',
    role: 'admin',
    pathParams: queue,
    body: messageSelection,
    responses: { 200: messageCount },
    errors: ['queue_not_found'],
  }),
};
