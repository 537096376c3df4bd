import type { AccountRecord } from '../accounts/account-store.ts';
import type { AuditRecord } from '../admin/audit-log.ts';
import type { Backoff, Job } from '../jobs/job-catalogue.ts';
import type { LikeKind } from '../likes/like-store.ts';
import type { MediaRecord } from '../media/media-record.ts';
import type { PostRecord } from '../posts/post-store.ts';
import type { ParkedMessage } from '../queues/work-queues.ts';
import type { ReplyRecord } from '../replies/reply-store.ts';
import type { SessionRecord } from '../sessions/session-store.ts';
import type { TokenRecord } from '../tokens/token-store.ts';

interface MovedPair {
  readonly edgeId: string;
  readonly accountId: string;
  readonly targetId: string;
}

/** All data of an instance by kind: one engine reads it, another writes it. */
export interface MovedRecords {
  /** `passwordHash` is null for deleted accounts. */
  readonly accounts: AccountRecord & { readonly passwordHash: string | null };
  readonly sessions: SessionRecord;
  readonly tokens: TokenRecord;
  readonly auditLog: AuditRecord;
  readonly follows: {
    readonly followId: string;
    readonly followerId: string;
    readonly followeeId: string;
    readonly counted: boolean;
  };
  readonly blocks: MovedPair;
  readonly mutes: MovedPair;
  /** Published media only. Uploads and deletions in progress are not moved. */
  readonly media: MediaRecord;
  readonly posts: PostRecord;
  readonly replies: ReplyRecord & { readonly counted: boolean };
  readonly likes: {
    readonly likeId: string;
    readonly accountId: string;
    readonly kind: LikeKind;
    readonly subjectId: string;
    readonly counted: boolean;
  };
  /** `response` is null if the request was not answered yet: a retry runs it again with the same resource id. */
  readonly idempotencyKeys: {
    readonly keyHash: string;
    readonly fingerprint: string;
    readonly resourceId: string;
    readonly response: string | null;
    readonly expiresAt: number;
  };
  /** Deleted posts and replies that the retry of an unanswered request would otherwise recreate. */
  readonly deletedPosts: { readonly postId: string };
  readonly deletedReplies: { readonly replyId: string };
  readonly parkedMessages: Omit<ParkedMessage, 'messageId'>;
  /** Jobs that are not due yet. */
  readonly scheduledJobs: {
    readonly job: Job;
    readonly failures: number;
    /** Null for the backoff in the catalogue. */
    readonly backoff: Backoff | null;
    /** Milliseconds. */
    readonly runAt: number;
  };
}

export type MovedKind = keyof MovedRecords;

/** Ordered so that referenced records come first. */
export const movedKinds = [
  'accounts',
  'sessions',
  'tokens',
  'auditLog',
  'follows',
  'blocks',
  'mutes',
  'media',
  'posts',
  'deletedPosts',
  'replies',
  'deletedReplies',
  'likes',
  'idempotencyKeys',
  'parkedMessages',
  'scheduledJobs',
] as const satisfies readonly MovedKind[];

/** An object of a moved medium. */
export interface MovedObject {
  /** The key in `BlobStore`. */
  readonly key: string;
  readonly bytes: number;
  readonly isWithheld: boolean;
  /** Called once. */
  open(): AsyncIterable<Uint8Array>;
}

/** The source of a move: an instance without writers. */
export interface MoveSource extends AsyncDisposable {
  /** Yields bounded batches. */
  read<K extends MovedKind>(kind: K): Iterable<readonly MovedRecords[K][]>;
  /** The objects of the media that `read` yields. Each must be read before the next is requested. */
  readObjects(): AsyncIterable<MovedObject>;
}

/** The target of a move. No process may use it during the move. */
export interface MoveTarget extends AsyncDisposable {
  /** Whether it holds data that a move would destroy. Leftovers of an interrupted move do not count. */
  hasData(): Promise<boolean>;
  /** Marks the target as incomplete, and removes what an interrupted move left. */
  begin(): Promise<void>;
  write<K extends MovedKind>(kind: K, records: readonly MovedRecords[K][]): Promise<void>;
  /**
   * Stores an object under its key, and withholds it if it was withheld. Replaces an object from an interrupted move.
   */
  writeObject(object: MovedObject): Promise<void>;
  /** Servers may start afterwards. */
  finish(): Promise<void>;
}
