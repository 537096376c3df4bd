import { randomBytes } from 'node:crypto';
import type { Session } from '@twite/contract';
import { isoTime } from '../clock.ts';
import type { Deps } from '../engine.ts';
import { hashSecret, makeRefreshToken, newAccessToken, newTagKey } from './secrets.ts';

/** Starts a session for an account that has proved who it is. */
export async function openSession(
  deps: Pick<Deps, 'sessions' | 'clock' | 'ids' | 'settings'>,
  accountId: string,
  userAgent: string | null,
): Promise<Session> {
  const sessionId = deps.ids.next();
  const now = deps.clock.now();
  const tagKey = newTagKey();
  const accessToken = newAccessToken();
  const refreshToken = makeRefreshToken(sessionId, 0, randomBytes(32), tagKey);
  const accessExpiresAt = now + deps.settings.accessTokenSeconds * 1000;
  await deps.sessions.insert({
    sessionId,
    accountId,
    accessHash: hashSecret(accessToken),
    accessExpiresAt,
    refreshHash: hashSecret(refreshToken),
    refreshExpiresAt: now + deps.settings.refreshTokenSeconds * 1000,
    generation: 0,
    tagKey,
    previousRefreshHash: null,
    successorSalt: null,
    rotatedAt: now,
    createdAt: now,
    userAgent,
  });
  return { sessionId, accessToken, refreshToken, expiresAt: isoTime(accessExpiresAt) };
}
