import { ContractError } from '@twite/contract';
import type { Engine } from '../engine.ts';

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
