import type { PageBefore } from '../keyset.ts';

/** A stored session. Tokens are stored only as SHA-256 in hex. One session is one family of refresh tokens. */
export interface SessionRecord {
  readonly sessionId: string;
  readonly accountId: string;
  readonly accessHash: string;
  /** Milliseconds, as are all times here. */
  readonly accessExpiresAt: number;
  readonly refreshHash: string;
  readonly refreshExpiresAt: number;
  /** Counts rotations; 0 for the first refresh token. */
  readonly generation: number;
  /** Proves that we issued an old refresh token (base64url). Knowing it does not make a token valid. */
  readonly tagKey: string;
  /** The previous refresh token, and the salt its successor was derived with. Null once the grace period is over. */
  readonly previousRefreshHash: string | null;
  readonly successorSalt: string | null;
  readonly rotatedAt: number;
  readonly createdAt: number;
  readonly userAgent: string | null;
}

/** The fields that a rotation changes. */
export type SessionRotation = Pick<
  SessionRecord,
  | 'accessHash'
  | 'accessExpiresAt'
  | 'refreshHash'
  | 'refreshExpiresAt'
  | 'generation'
  | 'previousRefreshHash'
  | 'successorSalt'
  | 'rotatedAt'
>;

/** Source of truth for sessions. */
export interface SessionStore {
  /** Idempotent by sessionId: a second insert replaces the first. */
  insert(session: SessionRecord): Promise<void>;
  findByAccessHash(accessHash: string): Promise<SessionRecord | undefined>;
  find(sessionId: string): Promise<SessionRecord | undefined>;
  /**
   * Applies only if the session still has this generation. Returns false if another rotation was first or the session
   * is gone.
   */
  rotate(sessionId: string, fromGeneration: number, rotation: SessionRotation): Promise<boolean>;
  /** Newest first. */
  listByAccount(accountId: string, page: PageBefore): Promise<readonly SessionRecord[]>;
  delete(sessionId: string): Promise<boolean>;
  /** Deletes all sessions, except the given one if any. */
  deleteByAccount(accountId: string, exceptSessionId?: string): Promise<number>;
  /** Deletes sessions whose refresh token expired before. */
  deleteExpired(before: number): Promise<number>;
}
