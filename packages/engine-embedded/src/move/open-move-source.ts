import { join } from 'node:path';
import type { MovedKind, MovedRecords, MoveSource } from '@twite/core/move/moved-records';
import { databaseFileName } from '../backup/database-file.ts';
import { mediaFolderName } from '../files/blob-folders.ts';
import { openObject } from '../files/open-object.ts';
import { openReading } from '../sqlite/connection.ts';
import { type MediaRow, mediaColumns, toMediaRecord } from '../sqlite/media-rows.ts';
import { parseMedia, parseSnapshot } from '../sqlite/stored-media.ts';

type Row = Readonly<Record<string, unknown>>;

interface Reading<K extends MovedKind> {
  readonly sql: string;
  /** Default: the row itself. */
  readonly toRecord?: (row: Row) => MovedRecords[K];
}

const withCounted = (row: Row) => ({ ...row, counted: row.counted === 1 });
const jsonOf = (value: unknown): string | null => (value === null ? null : String(value));
const withParsed = (row: Row) => ({
  ...row,
  entities: JSON.parse(String(row.entities)),
  media: parseMedia(jsonOf(row.media)),
});
/** Media that were published and not removed. */
const isPublished = `state IN ('processing', 'ready', 'failed')`;
const pair = 'edge_id AS edgeId, account_id AS accountId, target_id AS targetId';

function readPayload({ payload, ...row }: Row): MovedRecords['parkedMessages'] {
  const text = String(payload);
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    parsed = { unreadable: text };
  }
  return { ...row, payload: parsed } as unknown as MovedRecords['parkedMessages'];
}

const readJob = ({ payload, attempts, backoff, runAt }: Row): MovedRecords['scheduledJobs'] => ({
  job: JSON.parse(String(payload)),
  failures: Number(attempts),
  backoff: backoff === null ? null : JSON.parse(String(backoff)),
  runAt: Number(runAt),
});

const readings: { readonly [K in MovedKind]: Reading<K> } = {
  accounts: {
    sql: `SELECT account_id AS accountId, handle, display_name AS displayName, bio, avatar, banner, role, status, rev,
       suspended_at AS suspendedAt, suspension_reason AS suspensionReason, created_at AS createdAt, popular,
       follower_count AS followerCount, following_count AS followingCount, public_post_count AS publicPostCount,
       followers_post_count AS followersPostCount, password_hash AS passwordHash FROM accounts`,
    toRecord: (row) =>
      ({
        ...row,
        popular: row.popular === 1,
        avatar: parseSnapshot(jsonOf(row.avatar)),
        banner: parseSnapshot(jsonOf(row.banner)),
      }) as unknown as MovedRecords['accounts'],
  },
  sessions: {
    sql: `SELECT session_id AS sessionId, account_id AS accountId, access_hash AS accessHash,
       access_expires_at AS accessExpiresAt, refresh_hash AS refreshHash, refresh_expires_at AS refreshExpiresAt,
       generation, tag_key AS tagKey, previous_refresh_hash AS previousRefreshHash, successor_salt AS successorSalt,
       rotated_at AS rotatedAt, created_at AS createdAt, user_agent AS userAgent FROM sessions`,
  },
  tokens: {
    sql: `SELECT token_id AS tokenId, account_id AS accountId, name, scopes, secret_hash AS secretHash,
       created_at AS createdAt, expires_at AS expiresAt FROM tokens`,
    toRecord: (row) =>
      ({ ...row, scopes: JSON.parse(String(row.scopes)) }) as unknown as MovedRecords['tokens'],
  },
  auditLog: {
    sql: `SELECT entry_id AS entryId, action, actor_id AS actorId, subject_id AS subjectId, detail,
       created_at AS createdAt FROM audit_log`,
  },
  follows: {
    sql: `SELECT follow_id AS followId, follower_id AS followerId, followee_id AS followeeId, counted FROM follows`,
    toRecord: (row) => withCounted(row) as unknown as MovedRecords['follows'],
  },
  blocks: { sql: `SELECT ${pair} FROM blocks` },
  mutes: { sql: `SELECT ${pair} FROM mutes` },
  media: {
    sql: `SELECT ${mediaColumns} FROM media WHERE ${isPublished}`,
    toRecord: (row) => toMediaRecord(row as unknown as MediaRow),
  },
  posts: {
    sql: `SELECT post_id AS postId, author_id AS authorId, text, entities, visibility, media, created_at AS createdAt,
       like_count AS likeCount, reply_count AS replyCount FROM posts`,
    toRecord: (row) => withParsed(row) as unknown as MovedRecords['posts'],
  },
  deletedPosts: {
    sql: `SELECT resource_id AS postId FROM idempotency
       WHERE state <> 'done' AND EXISTS (SELECT 1 FROM deleted_posts WHERE post_id = resource_id)`,
  },
  replies: {
    sql: `SELECT reply_id AS replyId, post_id AS postId, parent_reply_id AS parentReplyId, author_id AS authorId, text,
       entities, media, created_at AS createdAt, like_count AS likeCount, counted FROM replies`,
    toRecord: (row) => withCounted(withParsed(row)) as unknown as MovedRecords['replies'],
  },
  deletedReplies: {
    sql: `SELECT resource_id AS replyId FROM idempotency
       WHERE state <> 'done' AND EXISTS (SELECT 1 FROM deleted_replies WHERE reply_id = resource_id)`,
  },
  likes: {
    sql: `SELECT like_id AS likeId, account_id AS accountId, kind, subject_id AS subjectId, counted FROM likes`,
    toRecord: (row) => withCounted(row) as unknown as MovedRecords['likes'],
  },
  idempotencyKeys: {
    sql: `SELECT key_hash AS keyHash, fingerprint, resource_id AS resourceId, response, expires_at AS expiresAt
       FROM idempotency`,
  },
  parkedMessages: {
    sql: `SELECT consumer AS queue, payload, error, parked_at AS parkedAt FROM parked_events
       UNION ALL SELECT 'jobs.' || class, payload, error, parked_at FROM parked_jobs`,
    toRecord: readPayload,
  },
  scheduledJobs: {
    sql: 'SELECT payload, attempts, backoff, coalesce(run_at, at, 0) AS runAt FROM jobs ORDER BY job_id',
    toRecord: readJob,
  },
};

const batchSize = 500;

/** Reads a data folder. The caller holds its lock: there are no writers. */
export function openMoveSource(dataDir: string): MoveSource {
  const db = openReading(join(dataDir, databaseFileName));
  const root = join(dataDir, mediaFolderName);
  return {
    *read<K extends MovedKind>(kind: K) {
      const { sql, toRecord = (row: Row) => row as unknown as MovedRecords[K] } = readings[
        kind
      ] as Reading<K>;
      let batch: MovedRecords[K][] = [];
      for (const row of db.prepare(sql).iterate()) {
        batch.push(toRecord({ ...row }));
        if (batch.length < batchSize) continue;
        yield batch;
        batch = [];
      }
      if (batch.length > 0) yield batch;
    },
    async *readObjects() {
      const keys = db.prepare(
        `SELECT key FROM media_keys JOIN media USING (media_id) WHERE ${isPublished} ORDER BY key`,
      );
      for (const { key } of keys.iterate()) {
        await using file = await openObject(root, String(key));
        // A key may belong to an object that was never written, or that another one replaced.
        if (file !== undefined) yield file;
      }
    },
    async [Symbol.asyncDispose]() {
      db.close();
    },
  };
}
