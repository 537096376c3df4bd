import type { AuditAction, Role, Scope, TextEntities, Visibility } from '@twite/contract';
import type { AccountStatus } from '@twite/core/accounts/account-store';
import type { DependencyStatus, ProcessDescription } from '@twite/core/admin/engine-status';
import type { DomainEvent } from '@twite/core/events/domain-event';
import type { Backoff, Job, JobClass } from '@twite/core/jobs/job-catalogue';
import type { LikeKind } from '@twite/core/likes/like-store';
import type { MediaRecord, MediaSnapshot } from '@twite/core/media/media-record';
import type { SessionRecord } from '@twite/core/sessions/session-store';
import type { Timestamp } from 'mongodb';
import type { LeasedDoc } from './epoch-lease.ts';
import type { Stage } from './migrations/migration.ts';

/**
 * What the change relay reads. `change` is written by every update that is an event, as `<eventType> <rev>[ <otherId>…]`:
 * a text, so that the change stream brings it whole. Inserts are events by themselves.
 */
export interface Changing {
  change?: string;
  /** The traceparent of the request that wrote last. */
  trace?: string;
}

/** Documents with counts: each is recounted under its own `…Rev`, see counts.ts. Times are milliseconds. */
export interface Counting {
  /** Some counts are off until the sweep: too large to recount at each write, or a crash could leave them so. */
  dirty?: true;
  dirtyCounts?: string[];
  /** Rises with each mark: the sweep takes back only the mark that it saw. */
  dirtyMarks?: number;
  /** Until then, milliseconds, sweeps recount and take no mark back: the write that is marked may be still to come. */
  dirtyHeldUntil?: number;
}

export interface AccountDoc extends Changing, Counting {
  _id: string;
  handle: string;
  /** Lower case; unique. */
  handleKey: string;
  displayName: string;
  bio: string;
  /** Absent, as the banner, in what a release before schema version 3 wrote: null. */
  avatar?: MediaSnapshot | null;
  banner?: MediaSnapshot | null;
  role: Role;
  status: AccountStatus;
  suspendedAt: number | null;
  suspensionReason: string | null;
  passwordHash?: string;
  createdAt: number;
  popular: boolean;
  followerCount: number;
  followerCountRev: number;
  followingCount: number;
  followingCountRev: number;
  publicPostCount: number;
  publicPostCountRev: number;
  followersPostCount: number;
  followersPostCountRev: number;
  rev: number;
  /** By this process's wall clock, at every `rev`: what rebuilds look for. */
  updatedAt: number;
}

export type SessionDoc = Omit<SessionRecord, 'sessionId'> & { _id: string };

/** Its id is that of the account. */
export interface PasswordResetDoc {
  _id: string;
  secretHash: string;
  createdAt: number;
  expiresAt: number;
}

export interface TokenDoc {
  _id: string;
  accountId: string;
  name: string;
  scopes: readonly Scope[];
  secretHash: string;
  createdAt: number;
  expiresAt: number | null;
}

export interface IdempotencyDoc {
  /** The hash of the key. */
  _id: string;
  fingerprint: string;
  resourceId: string;
  /** The process that works on it; null: released, or done. */
  owner: string | null;
  /** When it was claimed, by the clock of the owner, who claims nothing twice in a millisecond. */
  claimedAt: number;
  /** Missing: as long as most requests. */
  takeoverAfterMs?: number;
  response: string | null;
  expiresAt: number;
}

export interface AuditDoc {
  _id: string;
  action: AuditAction;
  actorId: string | null;
  subjectId: string;
  detail: string | null;
  createdAt: number;
}

/**
 * A process that lives, while `expiresAt` (its wall clock) is ahead: holder of a machine number of ids. Stays when it is
 * gone, so that the numbers given back last are given anew last.
 */
export interface ProcessDoc {
  /** The machine number, 0 to 1023. */
  _id: number;
  /** Random; the owner of idempotency claims. Null: given back. */
  processId: string | null;
  /** For people: host and pid. */
  host: string;
  expiresAt: Date;
  /** What the process tells about itself; null or missing until it has. */
  report?: ProcessReport | null;
}

/** For the status of the instance. */
export interface ProcessReport extends Omit<ProcessDescription, 'startedAt'> {
  startedAt: Date;
  reportedAt: Date;
  dependencies: DependencyStatus[];
}

export interface ParkedDoc {
  /** A snowflake-like text that sorts by time. */
  _id: string;
  queue: string;
  payload: DomainEvent | Job | { unreadable: string };
  error: string;
  parkedAt: number;
}

/** A job that is not due yet: `rabbitmq/scheduled.ts` says what its fields mean. */
export interface ScheduledJobDoc {
  /** Random. */
  _id: string;
  jobClass: JobClass;
  job: Job;
  failures: number;
  backoff: Backoff | null;
  runAt: number;
  /** From when on a process may publish it: `runAt`, or the end of the lease of one that does. */
  leaseAt: number;
  leaseId?: string;
  traceparent?: string;
}

/** How far one deployment's changes were relayed, and who relays. `_id`: its databases, joined by `+`. */
export interface RelayDoc extends LeasedDoc {
  /** Of the newest release that wrote to the deployment; a relay of an older one does not lead. */
  schemaVersion: number;
  /** Of the change stream; absent before the first start, and when the history after it is lost. */
  resumeToken?: unknown;
  /** There while a snapshot is on its way, and until a token is saved after it. */
  snapshot?: SnapshotDoc;
  /** Milliseconds of the newest relayed change, by the database's clock. */
  relayedAt?: number;
  /** As relays of schema version 1 read them: the lease is taken, and nobody leads. */
  leader: null;
  leaseExpiresAt: Date;
}

/** The migrations of one stage, changed only by the process that holds the lease on it. */
export interface MigrationsDoc extends LeasedDoc {
  _id: Stage;
  /** In the order in which they were done. */
  applied: AppliedMigration[];
  /** The one that was begun and is not done. */
  running?: RunningMigration;
}

export interface AppliedMigration {
  name: string;
  /** The schema version that needed it. */
  version: number;
  startedAt: Date;
  finishedAt: Date;
  /** Documents that it went through. */
  done: number;
}

export interface RunningMigration {
  name: string;
  startedAt: Date;
  /** Where the next process resumes. */
  place?: string;
  done: number;
}

/** What the consumers of one process are at, as it told last. */
export interface QueueProgressDoc {
  /** `<processId>:<queue>` */
  _id: string;
  processId: string;
  queue: string;
  underWay: number;
  /** When the oldest of them happened; null when none is under way, or it is not known. */
  oldestAt: number | null;
  /** TTL: who told nothing for a minute is gone. */
  reportedAt: Date;
}

export interface SnapshotDoc {
  /** The database's time before it: changes since are streamed after it. */
  from: Timestamp;
  /** All up to this was confirmed by the broker; absent at the beginning. */
  place?: { collection: string; after: string };
  /** Everything was. */
  isThrough: boolean;
}

export interface BarrierDoc {
  _id: string;
  createdAt: Date;
}

/** Posts and replies stay as tombstones for a while, without what was written in them. */
interface Deletable extends Changing, Counting {
  deleted: boolean;
  /** By this process's wall clock: what rebuilds look for. */
  deletedAt?: number;
  purgeAt?: Date;
  rev: number;
}

export interface PostDoc extends Deletable {
  _id: string;
  authorId: string;
  text?: string;
  entities?: TextEntities;
  /** Absent in tombstones, and in what a release before schema version 3 wrote: none. */
  media?: readonly MediaSnapshot[];
  visibility: Visibility;
  createdAt: number;
  likeCount: number;
  likeCountRev: number;
  replyCount: number;
  replyCountRev: number;
}

export interface LikeDoc extends Changing {
  /** `<accountId>:<kind>:<subjectId>` */
  _id: string;
  likeId: string;
  accountId: string;
  kind: LikeKind;
  subjectId: string;
  /** Whether it counts and is listed: its account is active. */
  counted: boolean;
}

export interface ReplyDoc extends Deletable {
  _id: string;
  postId: string;
  parentReplyId: string | null;
  authorId: string;
  text?: string;
  entities?: TextEntities;
  /** Absent as in posts. */
  media?: readonly MediaSnapshot[];
  createdAt: number;
  /** Whether it counts and is listed: it is there, and its author is active. */
  counted: boolean;
  likeCount: number;
  likeCountRev: number;
}

export interface MediaDoc extends Changing, Omit<MediaRecord, 'mediaId' | 'target' | 'expiresAt'> {
  _id: string;
  /** `<kind>:<id>` of the post, reply or account; absent: attached to nothing. */
  targetId?: string;
  /** The post, or the one that the reply is to. */
  targetPostId?: string;
  /** Random: the call of `attach` that attached it, so that it can take back what it did. */
  attachId?: string;
  /** What `expiresAt` was before it was attached. */
  unattachedExpiresAt?: number;
  /** Absent: kept. */
  expiresAt?: number;
}

export interface FollowDoc extends Changing {
  /** `<followerId>:<followeeId>` */
  _id: string;
  followId: string;
  followerId: string;
  followeeId: string;
  /** False: unfollowed, a tombstone. */
  active: boolean;
  /** Whether it counts and is listed: active, and so are both accounts. */
  counted: boolean;
  rev: number;
  purgeAt?: Date;
}

/** A block or a mute. */
export interface AccountPairDoc extends Changing {
  /** `<accountId>:<targetId>` */
  _id: string;
  edgeId: string;
  accountId: string;
  targetId: string;
}
