import type { PageBefore } from '../keyset.ts';

/** A session as it is stored: tokens only as SHA-256 in hex. One session is one family of refresh tokens. */
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
  /** Proves that an old refresh token was ours (base64url); knowing it makes no token valid. */
  readonly tagKey: string;
  /** The refresh token before this one, and the salt its successor was derived with; null once the grace is over. */
  readonly previousRefreshHash: string | null;
  readonly successorSalt: string | null;
  readonly rotatedAt: number;
  readonly createdAt: number;
  readonly userAgent: string | null;
}

/** What a rotation changes. */
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
  /** Applies when the session still has this generation; false when another rotation was first or it is gone. */
  rotate(sessionId: string, fromGeneration: number, rotation: SessionRotation): Promise<boolean>;
  /** Newest first. */
  listByAccount(accountId: string, page: PageBefore): Promise<readonly SessionRecord[]>;
  delete(sessionId: string): Promise<boolean>;
  /** All but one, when one is named. */
  deleteByAccount(accountId: string, exceptSessionId?: string): Promise<number>;
  /** Those whose refresh token ended before. */
  deleteExpired(before: number): Promise<number>;
}
