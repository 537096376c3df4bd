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
 * Fields for the change relay. Every update that is an event writes `change` as `<eventType> <rev>[ <otherId>…]`: a
 * text, so that the change stream delivers it whole. Inserts are events by themselves.
 */
export interface Changing {
  change?: string;
  /** The traceparent of the last writing request. */
  trace?: string;
}

/** Documents with counts: each count is recounted under its own `…Rev`, see counts.ts. Times are in milliseconds. */
export interface Counting {
  /** Some counts are off until the sweep: too large to recount at each write, or possibly left so by a crash. */
  dirty?: true;
  dirtyCounts?: string[];
  /** Increments with each mark: the sweep removes only the mark that it saw. */
  dirtyMarks?: number;
  /**
   * Until this time, in milliseconds, sweeps recount but do not remove the mark: the marked write may be still to come.
   */
  dirtyHeldUntil?: number;
}

export interface AccountDoc extends Changing, Counting {
  _id: string;
  handle: string;
  /** Lower case; unique. */
  handleKey: string;
  displayName: string;
  bio: string;
  /** Absent, like the banner, in documents written by a release before schema version 3: null. */
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
  /** Set from this process's wall clock at every `rev`; used by rebuilds to find changes. */
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
  /** When it was claimed, by the clock of the owner, which claims nothing twice in a millisecond. */
  claimedAt: number;
  /** Missing: the time that most requests may take. */
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
 * A process that is alive while `expiresAt` (its wall clock) is in the future: the holder of a machine number for ids.
 * The document stays when the process is gone, so that the most recently returned numbers are reused last.
 */
export interface ProcessDoc {
  /** The machine number, 0 to 1023. */
  _id: number;
  /** Random; the owner of idempotency claims. Null: the number was returned. */
  processId: string | null;
  /** For display: host and pid. */
  host: string;
  expiresAt: Date;
  /** The process's report about itself; null or missing until the first one. */
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

/** A job that is not due yet: `rabbitmq/scheduled.ts` documents its fields. */
export interface ScheduledJobDoc {
  /** Random. */
  _id: string;
  jobClass: JobClass;
  job: Job;
  failures: number;
  backoff: Backoff | null;
  runAt: number;
  /** The time from which a process may publish it: `runAt`, or the end of the publishing process's lease. */
  leaseAt: number;
  leaseId?: string;
  traceparent?: string;
}

/** How far the changes of one deployment were relayed, and by whom. `_id`: its databases, joined by `+`. */
export interface RelayDoc extends LeasedDoc {
  /** The schema version of the newest release that wrote to the deployment; a relay of an older one does not lead. */
  schemaVersion: number;
  /** The resume token of the change stream; absent before the first start, and when the history after it is lost. */
  resumeToken?: unknown;
  /** Present while a snapshot is in progress, and until a token is saved after it. */
  snapshot?: SnapshotDoc;
  /** The time of the newest relayed change, in milliseconds, by the database's clock. */
  relayedAt?: number;
  /** How relays of schema version 1 read it: the lease is taken and nobody leads. */
  leader: null;
  leaseExpiresAt: Date;
}

/** The migrations of one stage, changed only by the process that holds its lease. */
export interface MigrationsDoc extends LeasedDoc {
  _id: Stage;
  /** In the order in which they were applied. */
  applied: AppliedMigration[];
  /** The migration that has started and not finished. */
  running?: RunningMigration;
}

export interface AppliedMigration {
  name: string;
  /** The schema version that required it. */
  version: number;
  startedAt: Date;
  finishedAt: Date;
  /** The number of documents it processed. */
  done: number;
}

export interface RunningMigration {
  name: string;
  startedAt: Date;
  /** Where the next process resumes. */
  place?: string;
  done: number;
}

/** The progress of one process's consumers, as last reported. */
export interface QueueProgressDoc {
  /** `<processId>:<queue>` */
  _id: string;
  processId: string;
  queue: string;
  underWay: number;
  /** The time of the oldest message in progress; null when there is none, or the time is unknown. */
  oldestAt: number | null;
  /** TTL: a process that reported nothing for a minute is gone. */
  reportedAt: Date;
}

export interface SnapshotDoc {
  /** The database's time before the snapshot: later changes are streamed after it. */
  from: Timestamp;
  /** Everything up to here was confirmed by the broker; absent at the beginning. */
  place?: { collection: string; after: string };
  /** Everything was confirmed. */
  isThrough: boolean;
}

export interface BarrierDoc {
  _id: string;
  createdAt: Date;
}

/** Deleted posts and replies stay for a while as tombstones without their content. */
interface Deletable extends Changing, Counting {
  deleted: boolean;
  /** Set from this process's wall clock; used by rebuilds to find changes. */
  deletedAt?: number;
  purgeAt?: Date;
  rev: number;
}

export interface PostDoc extends Deletable {
  _id: string;
  authorId: string;
  text?: string;
  entities?: TextEntities;
  /** Absent in tombstones, and in documents written by a release before schema version 3: none. */
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
  /** Absent in the same cases as for posts. */
  media?: readonly MediaSnapshot[];
  createdAt: number;
  /** Whether it counts and is listed: it is not deleted, and its author is active. */
  counted: boolean;
  likeCount: number;
  likeCountRev: number;
}

export interface MediaDoc extends Changing, Omit<MediaRecord, 'mediaId' | 'target' | 'expiresAt'> {
  _id: string;
  /** `<kind>:<id>` of the post, reply or account; absent: not attached. */
  targetId?: string;
  /** The post, or the post that the reply is to. */
  targetPostId?: string;
  /** Random: identifies the call of `attach` that attached it, so that the call can undo its work. */
  attachId?: string;
  /** The value of `expiresAt` before it was attached. */
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
  /** Whether it counts and is listed: it is active, and so are both accounts. */
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
