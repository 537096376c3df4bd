import { randomUUID } from 'node:crypto';
import { classOfJob } from '@twite/core/jobs/job-catalogue';
import type { MovedKind, MovedRecords } from '@twite/core/move/moved-records';
import type { Document } from 'mongodb';
import type { BackedUpName } from '../backup/backed-up.ts';
import type {
  AccountDoc,
  AccountPairDoc,
  AuditDoc,
  FollowDoc,
  IdempotencyDoc,
  LikeDoc,
  MediaDoc,
  ParkedDoc,
  PostDoc,
  ReplyDoc,
  ScheduledJobDoc,
  SessionDoc,
  TokenDoc,
} from '../mongodb/documents.ts';
import { storedTarget } from '../mongodb/media-fields.ts';
import { messageIdAt } from '../mongodb/parked-messages.ts';
import { purgeTime } from '../mongodb/tombstones.ts';

interface Writing<K extends MovedKind, D extends object> {
  readonly collection: BackedUpName;
  /** `now`: milliseconds, by this process's clock. */
  toDocument(record: MovedRecords[K], now: number): D;
}

const writing = <K extends MovedKind, D extends object>(
  collection: BackedUpName,
  toDocument: (record: MovedRecords[K], now: number) => D,
): Writing<K, D> => ({ collection, toDocument });

const toPair = ({ accountId, targetId, edgeId }: MovedRecords['blocks']): AccountPairDoc => ({
  _id: `${accountId}:${targetId}`,
  edgeId,
  accountId,
  targetId,
});

/** Only the id of a deleted item is known, and needed: it must not be inserted again. */
const tombstone = (now: number) => ({
  authorId: '',
  createdAt: now,
  likeCount: 0,
  likeCountRev: 0,
  deleted: true,
  deletedAt: now,
  purgeAt: purgeTime(now),
  rev: 1,
});

/** Converts each record to its document. */
export const writings: { readonly [K in MovedKind]: Writing<K, Document> } = {
  accounts: writing('accounts', ({ accountId, passwordHash, ...fields }, now): AccountDoc => {
    const counts = {
      followerCountRev: 0,
      followingCountRev: 0,
      publicPostCountRev: 0,
      followersPostCountRev: 0,
    };
    return {
      _id: accountId,
      ...fields,
      ...counts,
      handleKey: fields.handle.toLowerCase(),
      ...(passwordHash === null ? {} : { passwordHash }),
      updatedAt: now,
    };
  }),
  sessions: writing('sessions', ({ sessionId, ...fields }): SessionDoc => ({ _id: sessionId, ...fields })),
  tokens: writing('tokens', ({ tokenId, ...fields }): TokenDoc => ({ _id: tokenId, ...fields })),
  auditLog: writing('auditLog', ({ entryId, ...fields }): AuditDoc => ({ _id: entryId, ...fields })),
  follows: writing(
    'follows',
    ({ followerId, followeeId, followId, counted }, now): FollowDoc => ({
      _id: `${followerId}:${followeeId}`,
      followId,
      followerId,
      followeeId,
      active: true,
      counted,
      // Like a new follow.
      rev: Math.floor(now / 1000),
    }),
  ),
  blocks: writing('blocks', toPair),
  mutes: writing('mutes', toPair),
  media: writing(
    'media',
    ({ mediaId, target, expiresAt, ...fields }): MediaDoc => ({
      _id: mediaId,
      ...fields,
      ...storedTarget(target),
      ...(expiresAt === null ? {} : { expiresAt }),
    }),
  ),
  posts: writing(
    'posts',
    ({ postId, ...fields }): PostDoc => ({
      _id: postId,
      ...fields,
      likeCountRev: 0,
      replyCountRev: 0,
      deleted: false,
      rev: 1,
    }),
  ),
  deletedPosts: writing(
    'posts',
    ({ postId }, now): PostDoc => ({
      _id: postId,
      ...tombstone(now),
      visibility: 'public',
      replyCount: 0,
      replyCountRev: 0,
    }),
  ),
  replies: writing(
    'replies',
    ({ replyId, ...fields }): ReplyDoc => ({
      _id: replyId,
      ...fields,
      likeCountRev: 0,
      deleted: false,
      rev: 1,
    }),
  ),
  deletedReplies: writing(
    'replies',
    ({ replyId }, now): ReplyDoc => ({
      _id: replyId,
      ...tombstone(now),
      postId: '',
      parentReplyId: null,
      counted: false,
    }),
  ),
  likes: writing(
    'likes',
    ({ accountId, kind, subjectId, likeId, counted }): LikeDoc => ({
      _id: `${accountId}:${kind}:${subjectId}`,
      likeId,
      accountId,
      kind,
      subjectId,
      counted,
    }),
  ),
  idempotencyKeys: writing(
    'idempotencyKeys',
    // The process that worked on it is gone: a retry takes it over.
    ({ keyHash, ...fields }): IdempotencyDoc => ({ _id: keyHash, ...fields, owner: null, claimedAt: 0 }),
  ),
  parkedMessages: writing(
    'parkedMessages',
    ({ parkedAt, ...fields }): ParkedDoc => ({ _id: messageIdAt(parkedAt), ...fields, parkedAt }),
  ),
  scheduledJobs: writing(
    'scheduledJobs',
    ({ job, runAt, ...fields }): ScheduledJobDoc => ({
      _id: randomUUID(),
      jobClass: classOfJob(job),
      job,
      ...fields,
      runAt,
      leaseAt: runAt,
    }),
  ),
};
