import { z } from 'zod4';
import { contractLimits } from '../limits.ts';
import { pageOf } from './page.ts';
import { count, handle, id, timestamp } from './primitives.ts';

const rateLimitPolicy = z
  .object({ limit: z.int().min(1), windowSeconds: z.int().min(1) })
  .meta({ id: 'RateLimitPolicy', examples: [{ limit: 300, windowSeconds: 60 }] });

export const instance = z
  .object({
    name: z.string().meta({ examples: ['Twite'] }),
    version: z.string().meta({ examples: ['1.0.0'] }),
    services: z.array(z.enum(['posts', 'social', 'profile'])),
    publicTimeline: z
      .boolean()
      .describe('Whether the public timeline, `GET /v1/timelines/public`, is available.')
      .meta({ examples: [true] }),
    limits: z
      .object({
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
        followsPerAccountMax: count,
        blocksPerAccountMax: count,
        mutesPerAccountMax: count,
      })
      .meta({
        id: 'InstanceLimits',
        examples: [
          {
            textWeightedLengthMax: 280,
            handleLengthMax: contractLimits.handleLengthMax,
            displayNameLengthMax: contractLimits.displayNameLengthMax,
            bioLengthMax: contractLimits.bioLengthMax,
            passwordBytesMin: contractLimits.passwordBytesMin,
            passwordBytesMax: contractLimits.passwordBytesMax,
            jsonBodyBytesMax: 65_536,
            pageSizeDefault: contractLimits.pageSizeDefault,
            pageSizeMax: contractLimits.pageSizeMax,
            timelineLength: 800,
            followsPerAccountMax: 7_500,
            blocksPerAccountMax: 10_000,
            mutesPerAccountMax: 10_000,
          },
        ],
      }),
    media: z
      .object({
        imageBytesMax: count,
        videoBytesMax: count,
        pixelsMax: count.describe('The maximum width × height of an image or frame, in pixels.'),
        framesMax: count.describe('The maximum number of frames of an animation.'),
        videoSecondsMax: count,
        accountBytesMax: count.describe('The storage quota of an account, in bytes.'),
        unattachedSeconds: count.describe(
          'The number of seconds after which an upload is deleted unless it is attached.',
        ),
        attachmentsMax: count.describe('The maximum number of media files of a post or reply.'),
        altTextLengthMax: count,
        mimeTypes: z
          .array(z.string())
          .describe('The media types that you can upload.')
          .meta({ examples: [['image/jpeg', 'image/png', 'video/mp4']] }),
      })
      .meta({ id: 'MediaLimits' }),
    rateLimits: z
      .record(
        z.string(),
        z.object({ perAccount: rateLimitPolicy.nullable(), perAddress: rateLimitPolicy.nullable() }),
      )
      .describe(
        'The limits of each policy, by its name; `null` if there is no limit. Empty when rate limits are off.',
      )
      .meta({
        examples: [
          {
            read: {
              perAccount: { limit: 300, windowSeconds: 60 },
              perAddress: { limit: 600, windowSeconds: 60 },
            },
          },
        ],
      }),
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
  .enum([
    'account_suspended',
    'account_reinstated',
    'role_set',
    'password_reset_created',
    'post_removed',
    'reply_removed',
    'messages_replayed',
    'messages_dropped',
  ])
  .meta({ id: 'AuditAction' });

const auditAccount = z.object({ accountId: id, handle }).meta({ id: 'AuditAccount' });
export const auditEntry = z
  .object({
    entryId: id,
    action: auditAction,
    actor: auditAccount.nullable().describe('`null` if the operator did it on the server.'),
    subject: auditAccount
      .nullable()
      .describe('The account with the id `subjectId`; `null` if the action was on something else.'),
    subjectId: z
      .string()
      .describe('The id of the affected account, post or reply, or the name of the affected queue.')
      .meta({ examples: ['1855647289012345678'] }),
    detail: z
      .string()
      .nullable()
      .describe('The reason for a suspension, the new role, or the number of messages.')
      .meta({ examples: ['Spam.'] }),
    createdAt: timestamp,
  })
  .meta({ id: 'AuditEntry' });
export const auditEntryPage = pageOf(auditEntry).meta({ id: 'AuditEntryPage' });
