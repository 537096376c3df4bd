import { ContractError } from '@twite/contract';
import type { Deps } from '../engine.ts';
import { rejectCommonPassword } from '../passwords/common-passwords.ts';
import { getActiveAccount } from './get-account.ts';

export interface ChangePasswordInput {
  readonly accountId: string;
  /** The session that stays; undefined ends all of them. */
  readonly sessionId: string | undefined;
  readonly currentPassword: string;
  readonly newPassword: string;
}

/** Throws `wrong_password`, `invalid_input`, `overloaded`. Ends every other session and every token of the account. */
export async function changePassword(
  deps: Pick<Deps, 'accounts' | 'sessions' | 'tokens' | 'passwords'>,
  input: ChangePasswordInput,
): Promise<void> {
  const account = await getActiveAccount(deps, input.accountId);
  rejectCommonPassword('newPassword', input.newPassword, account.handle);
  const currentHash = await deps.accounts.findPasswordHash(input.accountId);
  if (!(await deps.passwords.verify(currentHash, input.currentPassword)))
    throw new ContractError('wrong_password');
  const newHash = await deps.passwords.hash(input.newPassword);
  const endOthers = async (): Promise<void> => {
    await deps.sessions.deleteByAccount(input.accountId, input.sessionId);
    await deps.tokens.deleteByAccount(input.accountId);
  };
  // Before, so that a crash after the change leaves none; and after, for those that were opened in between.
  await endOthers();
  await deps.accounts.setPasswordHash(input.accountId, newHash);
  await endOthers();
}
