/**
 * The tables of version 1. Ids are text of 19 digits, so that key order is time order. `counted` is 1 while a row is
 * included in the counts of others: while the accounts behind it are active.
 */
export const schemaVersion1 = `
CREATE TABLE accounts (
  account_id TEXT PRIMARY KEY,
  handle TEXT NOT NULL,
  handle_key TEXT NOT NULL UNIQUE,
  display_name TEXT NOT NULL,
  bio TEXT NOT NULL DEFAULT '',
  password_hash TEXT,
  role TEXT NOT NULL DEFAULT 'user',
  status TEXT NOT NULL DEFAULT 'active',
  suspended_at INTEGER,
  suspension_reason TEXT,
  created_at INTEGER NOT NULL,
  popular INTEGER NOT NULL DEFAULT 0,
  follower_count INTEGER NOT NULL DEFAULT 0,
  following_count INTEGER NOT NULL DEFAULT 0,
  public_post_count INTEGER NOT NULL DEFAULT 0,
  followers_post_count INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE INDEX accounts_by_status ON accounts (status, account_id);
CREATE INDEX admins ON accounts (status) WHERE role = 'admin';

CREATE TABLE sessions (
  session_id TEXT PRIMARY KEY,
  account_id TEXT NOT NULL,
  access_hash TEXT NOT NULL UNIQUE,
  access_expires_at INTEGER NOT NULL,
  refresh_hash TEXT NOT NULL,
  refresh_expires_at INTEGER NOT NULL,
  generation INTEGER NOT NULL,
  tag_key TEXT NOT NULL,
  previous_refresh_hash TEXT,
  successor_salt TEXT,
  rotated_at INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  user_agent TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_by_account ON sessions (account_id, session_id);
CREATE INDEX sessions_by_expiry ON sessions (refresh_expires_at);

CREATE TABLE tokens (
  token_id TEXT PRIMARY KEY,
  account_id TEXT NOT NULL,
  name TEXT NOT NULL,
  scopes TEXT NOT NULL,
  secret_hash TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  expires_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX tokens_by_account ON tokens (account_id, token_id);

CREATE TABLE posts (
  post_id TEXT PRIMARY KEY,
  author_id TEXT NOT NULL,
  text TEXT NOT NULL,
  entities TEXT NOT NULL,
  visibility TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  like_count INTEGER NOT NULL DEFAULT 0,
  reply_count INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE INDEX posts_by_author ON posts (author_id, post_id);
CREATE INDEX public_posts_by_author ON posts (author_id, post_id) WHERE visibility = 'public';
-- So that the retry of an insert does not bring back what was deleted meanwhile.
CREATE TABLE deleted_posts (post_id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;

CREATE TABLE replies (
  reply_id TEXT PRIMARY KEY,
  post_id TEXT NOT NULL,
  parent_reply_id TEXT,
  author_id TEXT NOT NULL,
  text TEXT NOT NULL,
  entities TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  like_count INTEGER NOT NULL DEFAULT 0,
  counted INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX replies_by_post ON replies (post_id, counted, reply_id);
CREATE INDEX replies_by_author ON replies (author_id, reply_id);
CREATE INDEX replies_by_author_counted ON replies (author_id, counted, post_id);
CREATE TABLE deleted_replies (reply_id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;

CREATE TABLE likes (
  account_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  subject_id TEXT NOT NULL,
  like_id TEXT NOT NULL,
  counted INTEGER NOT NULL,
  PRIMARY KEY (account_id, kind, subject_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX likes_by_subject ON likes (kind, subject_id, counted, like_id);
CREATE INDEX likes_by_account ON likes (account_id, kind, like_id);
CREATE INDEX likes_by_account_counted ON likes (account_id, counted);

CREATE TABLE follows (
  follower_id TEXT NOT NULL,
  followee_id TEXT NOT NULL,
  follow_id TEXT NOT NULL,
  counted INTEGER NOT NULL,
  PRIMARY KEY (follower_id, followee_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX follows_by_follower ON follows (follower_id, counted, follow_id);
CREATE INDEX follows_by_followee ON follows (followee_id, counted, follow_id);

CREATE TABLE blocks (
  account_id TEXT NOT NULL,
  target_id TEXT NOT NULL,
  edge_id TEXT NOT NULL,
  PRIMARY KEY (account_id, target_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX blocks_by_account ON blocks (account_id, edge_id);
CREATE INDEX blocks_by_target ON blocks (target_id);

CREATE TABLE mutes (
  account_id TEXT NOT NULL,
  target_id TEXT NOT NULL,
  edge_id TEXT NOT NULL,
  PRIMARY KEY (account_id, target_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX mutes_by_account ON mutes (account_id, edge_id);
CREATE INDEX mutes_by_target ON mutes (target_id);

CREATE TABLE idempotency (
  key_hash TEXT PRIMARY KEY,
  fingerprint TEXT NOT NULL,
  resource_id TEXT NOT NULL,
  owner TEXT NOT NULL,
  state TEXT NOT NULL,
  response TEXT,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_by_expiry ON idempotency (expires_at);

CREATE TABLE audit_log (
  entry_id TEXT PRIMARY KEY,
  action TEXT NOT NULL,
  actor_id TEXT,
  subject_id TEXT NOT NULL,
  detail TEXT,
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- AUTOINCREMENT: numbers are never given twice, also after all events were pruned.
CREATE TABLE events (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  payload TEXT NOT NULL
) STRICT;
CREATE TABLE consumers (
  consumer TEXT PRIMARY KEY,
  seq INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE parked_events (
  consumer TEXT NOT NULL,
  seq INTEGER NOT NULL,
  payload TEXT NOT NULL,
  error TEXT NOT NULL,
  parked_at INTEGER NOT NULL,
  PRIMARY KEY (consumer, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE jobs (
  job_id INTEGER PRIMARY KEY AUTOINCREMENT,
  payload TEXT NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE parked_jobs (
  job_id INTEGER PRIMARY KEY,
  payload TEXT NOT NULL,
  error TEXT NOT NULL,
  parked_at INTEGER NOT NULL
) STRICT;

-- The rowid is the post's id. A tag and an author are one token each.
CREATE VIRTUAL TABLE post_search USING fts5 (
  text, tags, author,
  content = '', contentless_delete = 1,
  tokenize = "unicode61 remove_diacritics 2"
);
CREATE TABLE account_search (
  account_id TEXT PRIMARY KEY,
  handle_key TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX account_search_by_handle ON account_search (handle_key, account_id);
-- What is left of a display name from the start of each of its words.
CREATE TABLE account_search_names (
  account_id TEXT NOT NULL,
  suffix TEXT NOT NULL,
  PRIMARY KEY (account_id, suffix)
) STRICT, WITHOUT ROWID;
CREATE INDEX account_search_names_by_suffix ON account_search_names (suffix, account_id);
`;

/**
 * Revisions of accounts. Existing index entries sort below every revision, so that the next one replaces them. An
 * account that was removed from the index keeps its row, with an empty handle.
 */
export const schemaVersion2 = `
ALTER TABLE accounts ADD COLUMN rev INTEGER NOT NULL DEFAULT 1;
ALTER TABLE account_search ADD COLUMN rev INTEGER NOT NULL DEFAULT 0;
`;

/**
 * A replayed event is for one consumer; one without a consumer is for all. `at`: when it was appended, by the clock of
 * the machine, in milliseconds; unknown if an older version wrote it.
 */
export const schemaVersion3 = `
ALTER TABLE events ADD COLUMN consumer TEXT;
ALTER TABLE events ADD COLUMN at INTEGER;
ALTER TABLE jobs ADD COLUMN at INTEGER;
`;

/** Password reset links: one per account, with only the hash of the secret. */
export const schemaVersion4 = `
CREATE TABLE password_resets (
  account_id TEXT PRIMARY KEY,
  secret_hash TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX password_resets_by_expiry ON password_resets (expires_at);
`;

/**
 * Jobs by class. `run_at` is null for a job that may start at once, `backoff` (JSON) is null when its catalogue entry
 * decides. Parked jobs are listed by class too.
 */
export const schemaVersion5 = `
ALTER TABLE jobs ADD COLUMN class TEXT NOT NULL DEFAULT 'reconcile';
ALTER TABLE jobs ADD COLUMN run_at INTEGER;
ALTER TABLE jobs ADD COLUMN backoff TEXT;
ALTER TABLE parked_jobs ADD COLUMN class TEXT NOT NULL DEFAULT 'reconcile';
UPDATE jobs SET class = 'fanOut' WHERE json_valid(payload) AND payload ->> 'name' = 'fanOutPost';
UPDATE parked_jobs SET class = 'fanOut' WHERE json_valid(payload) AND payload ->> 'name' = 'fanOutPost';
CREATE INDEX jobs_at_once ON jobs (class, job_id) WHERE run_at IS NULL;
CREATE INDEX jobs_by_time ON jobs (class, run_at, job_id) WHERE run_at IS NOT NULL;
CREATE INDEX parked_jobs_by_class ON parked_jobs (class, job_id);
`;

/**
 * Media, and the snapshots of them that posts, replies and accounts hold: JSON, null for none. `target_id` is what a
 * medium is attached to, `target_post_id` the post that this is or belongs to. Every key that may hold an object has a
 * row, in order.
 */
export const schemaVersion6 = `
CREATE TABLE media (
  media_id TEXT PRIMARY KEY,
  owner_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  state TEXT NOT NULL,
  main TEXT,
  width INTEGER NOT NULL,
  height INTEGER NOT NULL,
  duration_ms REAL,
  alt_text TEXT NOT NULL,
  focus_x REAL NOT NULL,
  focus_y REAL NOT NULL,
  thumbhash TEXT,
  variants TEXT NOT NULL,
  source_key TEXT,
  stored_bytes INTEGER NOT NULL,
  target_kind TEXT,
  target_id TEXT,
  target_post_id TEXT,
  expires_at INTEGER,
  created_at INTEGER NOT NULL,
  rev INTEGER NOT NULL DEFAULT 1
) STRICT, WITHOUT ROWID;
CREATE INDEX media_by_owner ON media (owner_id, media_id, state, stored_bytes);
CREATE INDEX media_by_target ON media (target_id, target_kind) WHERE target_id IS NOT NULL;
CREATE INDEX media_by_post ON media (target_post_id) WHERE target_post_id IS NOT NULL;
CREATE INDEX media_by_expiry ON media (expires_at) WHERE expires_at IS NOT NULL;
CREATE TABLE media_keys (
  key TEXT PRIMARY KEY,
  media_id TEXT NOT NULL,
  place INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX media_keys_by_medium ON media_keys (media_id, place);

ALTER TABLE posts ADD COLUMN media TEXT;
ALTER TABLE replies ADD COLUMN media TEXT;
ALTER TABLE accounts ADD COLUMN avatar TEXT;
ALTER TABLE accounts ADD COLUMN banner TEXT;
`;

/** The traceparent of the work that appended an event or enqueued a job; null if its trace is not recorded. */
export const schemaVersion7 = `
ALTER TABLE events ADD COLUMN trace TEXT;
ALTER TABLE jobs ADD COLUMN trace TEXT;
`;

/** The public timeline, read without accessing the posts. */
export const schemaVersion8 = `
CREATE INDEX public_posts ON posts (post_id, author_id) WHERE visibility = 'public';
`;

/** Expired tokens are erased by their time. */
export const schemaVersion9 = `
CREATE INDEX tokens_by_expiry ON tokens (expires_at) WHERE expires_at IS NOT NULL;
`;

/** The popular accounts are few, and read together. */
export const schemaVersion11 = `
CREATE INDEX popular_accounts ON accounts (account_id) WHERE popular = 1;
`;
