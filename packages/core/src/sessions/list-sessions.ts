import type { Page, SessionInfo } from '@twite/contract';
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
