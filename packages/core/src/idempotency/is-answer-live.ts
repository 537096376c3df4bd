import type { CreatedToken, PasswordReset, Session } from '@twite/contract';
import type { Deps } from '../engine.ts';
import { hashSecret } from '../sessions/secrets.ts';

/**
 * Whether the secrets in a stored answer are still valid: the session was neither ended nor refreshed since, the token
 * not revoked, the reset link neither revoked nor used. Answers without secrets are always valid.
 */
export async function isAnswerLive(
  deps: Pick<Deps, 'sessions' | 'tokens' | 'passwordResets' | 'clock'>,
  operationId: string,
  body: unknown,
): Promise<boolean> {
  const now = deps.clock.now();
  switch (operationId) {
    case 'createAccount':
    case 'createSession':
    case 'refreshSession': {
      const { session } = body as { readonly session: Session };
      const found = await deps.sessions.find(session.sessionId);
      return found?.refreshHash === hashSecret(session.refreshToken) && found.refreshExpiresAt > now;
    }
    case 'createToken': {
      const found = await deps.tokens.findBySecretHash(hashSecret((body as CreatedToken).secret));
      return found !== undefined && (found.expiresAt === null || found.expiresAt > now);
    }
    case 'createPasswordReset': {
      const found = await deps.passwordResets.findBySecretHash(hashSecret((body as PasswordReset).token));
      return found !== undefined && found.expiresAt > now;
    }
    default:
      return true;
  }
}
