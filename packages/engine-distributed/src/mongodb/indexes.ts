import type { IndexDescription } from 'mongodb';
import type { DatabaseName } from './databases.ts';

const index = (name: string, key: IndexDescription['key'], more: Partial<IndexDescription> = {}) => ({
  name,
  key,
  ...more,
});

const dirty = index('dirty', { dirty: 1, _id: 1 }, { partialFilterExpression: { dirty: true } });
// The only TTL index. Its times come from the wall clock of the process that wrote the tombstone.
const purge = index('purge', { purgeAt: 1 }, { expireAfterSeconds: 0, sparse: true });

/**
 * Fields compared by equality come first, then the field that pages are sorted by, then the fields that the page
 * returns, so that the index covers the query. A changed index gets a new name: existing indexes are recognized by
 * name.
 */
export const indexes: {
  readonly [D in DatabaseName]: Readonly<Record<string, readonly IndexDescription[]>>;
} = {
  identity: {
    accounts: [
      index('by_handle', { handleKey: 1 }, { unique: true }),
      index('by_status', { status: 1, _id: -1 }),
      index('admins', { role: 1, status: 1 }, { partialFilterExpression: { role: 'admin' } }),
      index('popular', { popular: 1, _id: 1 }, { partialFilterExpression: { popular: true } }),
      index('by_update', { updatedAt: 1 }),
      dirty,
    ],
    sessions: [
      index('by_access_hash', { accessHash: 1 }),
      index('by_account', { accountId: 1, _id: -1 }),
      index('by_expiry', { refreshExpiresAt: 1 }),
    ],
    tokens: [
      index('by_secret_hash', { secretHash: 1 }),
      index('by_account', { accountId: 1, _id: -1 }),
      index('by_expiry', { expiresAt: 1 }),
    ],
    passwordResets: [
      index('by_secret_hash', { secretHash: 1 }, { unique: true }),
      index('by_expiry', { expiresAt: 1 }),
    ],
    idempotencyKeys: [index('by_expiry', { expiresAt: 1 })],
    processes: [index('by_process', { processId: 1 })],
    queueProgress: [index('by_report', { reportedAt: 1 }, { expireAfterSeconds: 60 })],
    parkedMessages: [index('by_queue', { queue: 1, _id: 1 })],
    scheduledJobs: [index('by_lease', { leaseAt: 1 })],
  },
  posts: {
    posts: [
      index('by_author', { authorId: 1, deleted: 1, _id: -1 }),
      index('by_author_visibility', { authorId: 1, deleted: 1, visibility: 1, _id: -1 }),
      index('by_visibility', { deleted: 1, visibility: 1, _id: -1, authorId: 1 }),
      index('by_deletion', { deletedAt: 1 }, { sparse: true }),
      purge,
      dirty,
    ],
    likes: [
      index('by_subject', { subjectId: 1, kind: 1, counted: 1, likeId: -1, accountId: 1 }),
      index('by_account', { accountId: 1, kind: 1, likeId: -1, subjectId: 1 }),
      index('by_account_counted', { accountId: 1, counted: 1 }),
    ],
    media: [
      index('by_owner', { ownerId: 1, _id: 1 }),
      index('by_owner_bytes', { ownerId: 1, state: 1, storedBytes: 1 }),
      index('by_target', { targetId: 1, _id: 1 }, { sparse: true }),
      index('by_target_post', { targetPostId: 1, _id: 1 }, { sparse: true }),
      index('by_expiry', { expiresAt: 1 }, { sparse: true }),
      index('by_key', { keys: 1 }),
    ],
  },
  replies: {
    replies: [
      index('by_post', { postId: 1, deleted: 1, counted: 1, _id: 1, authorId: 1 }),
      index('by_author', { authorId: 1, deleted: 1, _id: -1 }),
      index('by_author_counted', { authorId: 1, deleted: 1, counted: 1, postId: 1 }),
      purge,
      dirty,
    ],
  },
  social: {
    follows: [
      index('by_follower', { followerId: 1, active: 1, counted: 1, followId: -1, followeeId: 1 }),
      index('by_followee', { followeeId: 1, active: 1, counted: 1, followId: -1, followerId: 1 }),
      purge,
    ],
    blocks: [
      index('by_account', { accountId: 1, edgeId: -1, targetId: 1 }),
      index('by_target', { targetId: 1, accountId: 1 }),
    ],
    mutes: [
      index('by_account', { accountId: 1, edgeId: -1, targetId: 1 }),
      index('by_target', { targetId: 1, accountId: 1 }),
    ],
  },
};

// The relay erases relayed barriers; this is for those left by a crash.
export const barrierIndexes: readonly IndexDescription[] = [
  index('by_age', { createdAt: 1 }, { expireAfterSeconds: 600 }),
];
