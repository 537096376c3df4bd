import { randomBytes } from 'node:crypto';
import type { Session } from '@twite/contract';
import { isoTime } from '../clock.ts';
import type { Deps } from '../engine.ts';
import { hashSecret, makeRefreshToken, newAccessToken, newTagKey } from './secrets.ts';

// The maximum number of sessions that one sign-in ends: accounts from before the cap reach it step by step.
const surplusMax = 20;

/** Ends the least recently used sessions beyond the cap, but not this one. */
async function endSurplus(
  { sessions, settings }: Pick<Deps, 'sessions' | 'settings'>,
  accountId: string,
  newSessionId: string,
): Promise<void> {
  const { sessionsPerAccountMax: max } = settings;
  const held = await sessions.listByAccount(accountId, { limit: max + surplusMax });
  if (held.length <= max) return;
  const surplus = held
    .filter(({ sessionId }) => sessionId !== newSessionId)
    .sort((a, b) => a.rotatedAt - b.rotatedAt || a.sessionId.localeCompare(b.sessionId))
    .slice(0, held.length - max);
  await Promise.all(surplus.map(({ sessionId }) => sessions.delete(sessionId)));
}

/** Starts a session for an authenticated account. */
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
  await endSurplus(deps, accountId, sessionId);
  return { sessionId, accessToken, refreshToken, expiresAt: isoTime(accessExpiresAt) };
}
