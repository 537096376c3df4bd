import type { PageBefore } from '@twite/core/keyset';
import type { SessionRecord, SessionRotation, SessionStore } from '@twite/core/sessions/session-store';
import { aboveAllIds, type Store } from './store.ts';

const columns = `session_id AS sessionId, account_id AS accountId, access_hash AS accessHash,
  access_expires_at AS accessExpiresAt, refresh_hash AS refreshHash, refresh_expires_at AS refreshExpiresAt, generation,
  tag_key AS tagKey, previous_refresh_hash AS previousRefreshHash, successor_salt AS successorSalt,
  rotated_at AS rotatedAt, created_at AS createdAt, user_agent AS userAgent`;

export class SqliteSessionStore implements SessionStore {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  insert(session: SessionRecord): Promise<void> {
    return this.#store.writer.run('insertSession', session);
  }

  async findByAccessHash(accessHash: string): Promise<SessionRecord | undefined> {
    const row = this.#store.read.get<SessionRecord>(
      `SELECT ${columns} FROM sessions WHERE access_hash = ?`,
      accessHash,
    );
    return row && toRecord(row);
  }

  async find(sessionId: string): Promise<SessionRecord | undefined> {
    const row = this.#store.read.get<SessionRecord>(
      `SELECT ${columns} FROM sessions WHERE session_id = ?`,
      sessionId,
    );
    return row && toRecord(row);
  }

  rotate(sessionId: string, fromGeneration: number, rotation: SessionRotation): Promise<boolean> {
    return this.#store.writer.run('rotateSession', { sessionId, fromGeneration, rotation });
  }

  async listByAccount(
    accountId: string,
    { before = aboveAllIds, limit }: PageBefore,
  ): Promise<readonly SessionRecord[]> {
    return this.#store.read
      .all<SessionRecord>(
        `SELECT ${columns} FROM sessions WHERE account_id = ? AND session_id < ? ORDER BY session_id DESC LIMIT ?`,
        accountId,
        before,
        limit,
      )
      .map(toRecord);
  }

  delete(sessionId: string): Promise<boolean> {
    return this.#store.writer.run('deleteSession', { sessionId });
  }

  deleteByAccount(accountId: string, exceptSessionId?: string): Promise<number> {
    return this.#store.writer.run('deleteSessionsByAccount', {
      accountId,
      exceptSessionId: exceptSessionId ?? null,
    });
  }

  deleteExpired(before: number): Promise<number> {
    return this.#store.writer.run('deleteExpiredSessions', { before });
  }
}

const toRecord = (row: SessionRecord): SessionRecord => Object.freeze({ ...row });
