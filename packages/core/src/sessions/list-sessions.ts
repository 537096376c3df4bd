import { ContractError, type Page, type SessionInfo } from '@twite/contract';
import { isoTime } from '../clock.ts';
import type { Engine } from '../engine.ts';
import { fillPage, type PageRequest } from '../page.ts';
import type { SessionRecord } from './session-store.ts';

export async function listSessions(
  deps: Pick<Engine, 'sessions'>,
  accountId: string,
  currentSessionId: string | undefined,
  page: PageRequest,
): Promise<Page<SessionInfo>> {
  const present = (session: SessionRecord): SessionInfo => ({
    sessionId: session.sessionId,
    current: session.sessionId === currentSessionId,
    userAgent: session.userAgent,
    createdAt: isoTime(session.createdAt),
    lastUsedAt: isoTime(session.rotatedAt),
    expiresAt: isoTime(session.refreshExpiresAt),
  });
  return fillPage(page, {
    fetch: (before, limit) => deps.sessions.listByAccount(accountId, { before, limit }),
    cursorOf: (session) => session.sessionId,
    view: async (sessions) => sessions.map(present),
  });
}

/** Ends a session of the account. Throws `session_not_found`. */
export async function deleteSession(
  deps: Pick<Engine, 'sessions'>,
  accountId: string,
  sessionId: string | undefined,
): Promise<void> {
  const session = sessionId === undefined ? undefined : await deps.sessions.find(sessionId);
  if (session?.accountId !== accountId) throw new ContractError('session_not_found');
  await deps.sessions.delete(session.sessionId);
}
