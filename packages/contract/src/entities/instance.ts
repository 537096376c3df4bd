import { z } from 'zod4';
import { pageOf } from './page.ts';
import { handle, id, timestamp } from './primitives.ts';

const count = z.int().min(0);

export const rateLimitPolicy = z
  .object({ limit: z.int().min(1), windowSeconds: z.int().min(1) })
  .meta({ id: 'RateLimitPolicy' });

export const instance = z
  .object({
    name: z.string(),
    version: z.string(),
    services: z.array(z.enum(['posts', 'social', 'profile'])),
    limits: z.object({
      textWeightedLengthMax: count,
      handleLengthMax: count,
      displayNameLengthMax: count,
      bioLengthMax: count,
      passwordBytesMin: count,
      passwordBytesMax: count,
      jsonBodyBytesMax: count,
      pageSizeDefault: count,
      pageSizeMax: count,
      timelineLength: count,
    }),
    rateLimits: z
      .record(
        z.string(),
        z.object({ perAccount: rateLimitPolicy.nullable(), perAddress: rateLimitPolicy.nullable() }),
      )
      .describe('By policy; null where it does not apply. Empty when limits are off.'),
  })
  .meta({ id: 'Instance' });

export const stats = z
  .object({
    accounts: count,
    suspendedAccounts: count,
    posts: count,
    replies: count,
    likes: count,
    follows: count,
  })
  .meta({ id: 'Stats' });

export const auditAction = z
  .enum(['account_suspended', 'account_reinstated', 'role_set', 'post_removed', 'reply_removed'])
  .meta({ id: 'AuditAction' });

export const auditEntry = z
  .object({
    entryId: id,
    action: auditAction,
    actor: z.object({ accountId: id, handle }).nullable().describe('null: the operator of the machine.'),
    subjectId: id.describe('The account, post or reply that it was done to.'),
    detail: z.string().nullable().describe('The reason given, or the role set.'),
    createdAt: timestamp,
  })
  .meta({ id: 'AuditEntry' });
export const auditEntryPage = pageOf(auditEntry).meta({ id: 'AuditEntryPage' });
