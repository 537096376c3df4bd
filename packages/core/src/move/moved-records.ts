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

/** Everything that an instance consists of, by its kind: what one engine reads for another to write. */
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
  /** Published ones: what was being uploaded or deleted is left behind. */
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
  /** `response` is null while the request was not answered: a retry does it again, with the same resource id. */
  readonly idempotencyKeys: {
    readonly keyHash: string;
    readonly fingerprint: string;
    readonly resourceId: string;
    readonly response: string | null;
    readonly expiresAt: number;
  };
  /** Deleted posts and replies that the retry of an unanswered request would otherwise bring back. */
  readonly deletedPosts: { readonly postId: string };
  readonly deletedReplies: { readonly replyId: string };
  readonly parkedMessages: Omit<ParkedMessage, 'messageId'>;
  /** Jobs that are not due yet. */
  readonly scheduledJobs: {
    readonly job: Job;
    readonly failures: number;
    /** Null: as the catalogue says. */
    readonly backoff: Backoff | null;
    /** Milliseconds. */
    readonly runAt: number;
  };
}

export type MovedKind = keyof MovedRecords;

/** What others refer to comes first. */
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
  /** As `BlobStore` has it. */
  readonly key: string;
  readonly bytes: number;
  readonly isWithheld: boolean;
  /** Called once. */
  open(): AsyncIterable<Uint8Array>;
}

/** An instance that nobody writes to. */
export interface MoveSource extends AsyncDisposable {
  /** In bounded batches. */
  read<K extends MovedKind>(kind: K): Iterable<readonly MovedRecords[K][]>;
  /** The objects of the media that `read` gives. Each is to be read before the next is asked for. */
  readObjects(): AsyncIterable<MovedObject>;
}

/** Where an instance is moved to. No process may use it meanwhile. */
export interface MoveTarget extends AsyncDisposable {
  /** Whether it holds data that a move would destroy. The rest of an interrupted move does not count. */
  hasData(): Promise<boolean>;
  /** Marks the target as incomplete, and empties it of what an interrupted move left. */
  begin(): Promise<void>;
  write<K extends MovedKind>(kind: K, records: readonly MovedRecords[K][]): Promise<void>;
  /** Stores an object under its key, withheld if it was; one that an interrupted move stored is replaced. */
  writeObject(object: MovedObject): Promise<void>;
  /** Servers may start afterwards. */
  finish(): Promise<void>;
}
