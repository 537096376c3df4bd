import type { Deps } from '../engine.ts';
import { confirmPassword } from './confirm-password.ts';
import { deleteAccount } from './delete-account.ts';

/** Deletes the account of a viewer who confirmed the password. Throws `wrong_password`, `last_admin`, `overloaded`. */
export async function deleteMe(
  deps: Pick<Deps, 'accounts' | 'sessions' | 'tokens' | 'passwords'>,
  viewerId: string,
  password: string,
): Promise<void> {
  await confirmPassword(deps, viewerId, password);
  await deleteAccount(deps, viewerId);
}
