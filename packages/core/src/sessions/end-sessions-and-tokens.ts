import type { Deps } from '../engine.ts';

/** Signs the account out everywhere except in one session. */
export async function endSessionsAndTokens(
  deps: Pick<Deps, 'sessions' | 'tokens'>,
  accountId: string,
  exceptSessionId?: string,
): Promise<void> {
  await deps.sessions.deleteByAccount(accountId, exceptSessionId);
  await deps.tokens.deleteByAccount(accountId);
}
