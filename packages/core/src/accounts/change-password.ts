import type { Deps } from '../engine.ts';
import { rejectCommonPassword } from '../passwords/common-passwords.ts';
import { endSessionsAndTokens } from '../sessions/end-sessions-and-tokens.ts';
import { confirmPassword } from './confirm-password.ts';
import { getActiveAccount } from './get-existing-account.ts';

export interface ChangePasswordInput {
  readonly accountId: string;
  /** The session to keep. Undefined ends all sessions. */
  readonly sessionId: string | undefined;
  readonly currentPassword: string;
  readonly newPassword: string;
}

/**
 * Ends every other session, every token and the reset link of the account. Throws `wrong_password`, `invalid_input`,
 * `overloaded`.
 */
export async function changePassword(
  deps: Pick<Deps, 'accounts' | 'sessions' | 'tokens' | 'passwords' | 'passwordResets'>,
  input: ChangePasswordInput,
): Promise<void> {
  const account = await getActiveAccount(deps, input.accountId);
  rejectCommonPassword('newPassword', input.newPassword, account.handle);
  await confirmPassword(deps, input.accountId, input.currentPassword);
  const newHash = await deps.passwords.hash(input.newPassword);
  const endOthers = async (): Promise<void> => {
    await endSessionsAndTokens(deps, input.accountId, input.sessionId);
    await deps.passwordResets.deleteByAccount(input.accountId);
  };
  // Before the change, so that a crash afterwards leaves none; and after it, for sessions opened in between.
  await endOthers();
  await deps.accounts.setPasswordHash(input.accountId, newHash);
  await endOthers();
}
