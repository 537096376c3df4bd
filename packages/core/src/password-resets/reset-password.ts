import { ContractError } from '@twite/contract';
import type { Deps } from '../engine.ts';
import { rejectCommonPassword } from '../passwords/common-passwords.ts';
import { endSessionsAndTokens } from '../sessions/end-sessions-and-tokens.ts';
import { hashSecret } from '../sessions/secrets.ts';

export interface ResetPasswordInput {
  readonly token: string;
  readonly newPassword: string;
}

/**
 * Consumes a reset: sets the password and ends every session and token of the account. A refused password does not
 * consume the reset. Throws `invalid_reset_token`, `invalid_input`, `overloaded`.
 */
export async function resetPassword(
  deps: Pick<Deps, 'accounts' | 'sessions' | 'tokens' | 'passwords' | 'passwordResets' | 'clock'>,
  { token, newPassword }: ResetPasswordInput,
): Promise<void> {
  const secretHash = hashSecret(token);
  const reset = await deps.passwordResets.findBySecretHash(secretHash);
  if (!reset || reset.expiresAt <= deps.clock.now()) throw new ContractError('invalid_reset_token');
  const { accountId } = reset;
  const account = (await deps.accounts.findMany([accountId])).get(accountId);
  if (!account || account.status === 'deleted') throw new ContractError('invalid_reset_token');
  rejectCommonPassword('newPassword', newPassword, account.handle);
  const newHash = await deps.passwords.hash(newPassword);
  if (!(await deps.passwordResets.take(secretHash))) throw new ContractError('invalid_reset_token');
  // Before the change, so that a crash afterwards leaves none; and after it, for sessions opened in between.
  await endSessionsAndTokens(deps, accountId);
  await deps.accounts.setPasswordHash(accountId, newHash);
  await endSessionsAndTokens(deps, accountId);
}
