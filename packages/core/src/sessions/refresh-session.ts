import { ContractError, type Session } from '@twite/contract';
import { isoTime } from '../clock.ts';
import type { Deps } from '../engine.ts';
import {
  deriveSuccessor,
  hashSecret,
  isOurs,
  makeRefreshToken,
  newSalt,
  readRefreshToken,
} from './secrets.ts';
import type { SessionRecord } from './session-store.ts';

type RefreshDeps = Pick<Deps, 'sessions' | 'accounts' | 'clock' | 'settings'>;

function successorOf(session: SessionRecord, oldToken: string, salt: string, generation: number) {
  const { accessToken, refreshSecret } = deriveSuccessor(oldToken, salt);
  const refreshToken = makeRefreshToken(session.sessionId, generation, refreshSecret, session.tagKey);
  return { accessToken, refreshToken };
}

async function rotate(
  deps: RefreshDeps,
  session: SessionRecord,
  oldToken: string,
): Promise<Session | undefined> {
  const now = deps.clock.now();
  const salt = newSalt();
  const generation = session.generation + 1;
  const tokens = successorOf(session, oldToken, salt, generation);
  const accessExpiresAt = now + deps.settings.accessTokenSeconds * 1000;
  const rotated = await deps.sessions.rotate(session.sessionId, session.generation, {
    accessHash: hashSecret(tokens.accessToken),
    accessExpiresAt,
    refreshHash: hashSecret(tokens.refreshToken),
    refreshExpiresAt: now + deps.settings.refreshTokenSeconds * 1000,
    generation,
    previousRefreshHash: session.refreshHash,
    successorSalt: salt,
    rotatedAt: now,
  });
  if (!rotated) return undefined;
  return { sessionId: session.sessionId, ...tokens, expiresAt: isoTime(accessExpiresAt) };
}

/** Returns the same successor again, for a client that lost the answer. */
function repeatWithinGrace(deps: RefreshDeps, session: SessionRecord, oldToken: string): Session | undefined {
  const age = deps.clock.now() - session.rotatedAt;
  if (session.successorSalt === null || age > deps.settings.refreshGraceSeconds * 1000) return undefined;
  return {
    sessionId: session.sessionId,
    ...successorOf(session, oldToken, session.successorSalt, session.generation),
    expiresAt: isoTime(session.accessExpiresAt),
  };
}

/**
 * Exchanges a refresh token for its successor. Within the grace period, the token just before the current one gets the
 * same successor. Any older token that we issued ends the session, even within the grace period: its successor was
 * used, so the answer that carried it arrived, and the client that presents the old token is not the one that received
 * the new one. Throws `invalid_token`.
 */
export async function refreshSession(deps: RefreshDeps, refreshToken: string): Promise<Session> {
  const token = readRefreshToken(refreshToken);
  if (!token) throw new ContractError('invalid_token');
  const tokenHash = hashSecret(refreshToken);
  // At most twice: a rotation that lost the race falls into the grace period.
  for (let attempt = 0; attempt < 2; attempt++) {
    const session = await deps.sessions.find(token.sessionId);
    if (!session || session.refreshExpiresAt <= deps.clock.now()) break;
    const account = (await deps.accounts.findMany([session.accountId])).get(session.accountId);
    if (account?.status !== 'active') break;
    if (tokenHash === session.refreshHash) {
      const rotated = await rotate(deps, session, refreshToken);
      if (rotated) return rotated;
      continue;
    }
    const repeated =
      tokenHash === session.previousRefreshHash ? repeatWithinGrace(deps, session, refreshToken) : undefined;
    if (repeated) return repeated;
    if (isOurs(token, session.tagKey)) await deps.sessions.delete(session.sessionId);
    break;
  }
  throw new ContractError('invalid_token');
}
