import type { SessionRecord, SessionRotation } from '@twite/core/sessions/session-store';
import type { WriteContext } from '../write-context.ts';

export function insertSession(context: WriteContext, session: SessionRecord): void {
  invalidateSession(context, session.sessionId);
  context.run(
    `INSERT OR REPLACE INTO sessions (session_id, account_id, access_hash, access_expires_at, refresh_hash,
       refresh_expires_at, generation, tag_key, previous_refresh_hash, successor_salt, rotated_at, created_at, user_agent)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    session.sessionId,
    session.accountId,
    session.accessHash,
    session.accessExpiresAt,
    session.refreshHash,
    session.refreshExpiresAt,
    session.generation,
    session.tagKey,
    session.previousRefreshHash,
    session.successorSalt,
    session.rotatedAt,
    session.createdAt,
    session.userAgent,
  );
  context.invalidate('sessions', session.accessHash);
}

export function rotateSession(
  context: WriteContext,
  {
    sessionId,
    fromGeneration,
    rotation,
  }: { sessionId: string; fromGeneration: number; rotation: SessionRotation },
): boolean {
  invalidateSession(context, sessionId);
  const changed = context.run(
    `UPDATE sessions SET access_hash = ?, access_expires_at = ?, refresh_hash = ?, refresh_expires_at = ?,
       generation = ?, previous_refresh_hash = ?, successor_salt = ?, rotated_at = ?
     WHERE session_id = ? AND generation = ?`,
    rotation.accessHash,
    rotation.accessExpiresAt,
    rotation.refreshHash,
    rotation.refreshExpiresAt,
    rotation.generation,
    rotation.previousRefreshHash,
    rotation.successorSalt,
    rotation.rotatedAt,
    sessionId,
    fromGeneration,
  );
  return changed > 0;
}

export function deleteSession(context: WriteContext, { sessionId }: { sessionId: string }): boolean {
  invalidateSession(context, sessionId);
  return context.run('DELETE FROM sessions WHERE session_id = ?', sessionId) > 0;
}

export function deleteSessionsByAccount(
  context: WriteContext,
  { accountId, exceptSessionId }: { accountId: string; exceptSessionId: string | null },
): number {
  const deleted = context.all<AccessHash>(
    'DELETE FROM sessions WHERE account_id = ? AND session_id IS NOT ? RETURNING access_hash AS accessHash',
    accountId,
    exceptSessionId,
  );
  return invalidateAll(context, deleted);
}

export function deleteExpiredSessions(context: WriteContext, { before }: { before: number }): number {
  const deleted = context.all<AccessHash>(
    'DELETE FROM sessions WHERE refresh_expires_at < ? RETURNING access_hash AS accessHash',
    before,
  );
  return invalidateAll(context, deleted);
}

interface AccessHash {
  readonly accessHash: string;
}

function invalidateSession(context: WriteContext, sessionId: string): void {
  const row = context.get<AccessHash>(
    'SELECT access_hash AS accessHash FROM sessions WHERE session_id = ?',
    sessionId,
  );
  if (row !== undefined) context.invalidate('sessions', row.accessHash);
}

function invalidateAll(context: WriteContext, sessions: readonly AccessHash[]): number {
  for (const { accessHash } of sessions) context.invalidate('sessions', accessHash);
  return sessions.length;
}
