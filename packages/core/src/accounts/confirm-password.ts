import { ContractError } from '@twite/contract';
import type { Deps } from '../engine.ts';
import { verifyPassword } from '../passwords/verify-password.ts';

/** Asks for the password once more, where a session alone must not be enough. Throws `wrong_password`, `overloaded`. */
export async function confirmPassword(
  deps: Pick<Deps, 'accounts' | 'passwords'>,
  accountId: string,
  password: string,
): Promise<void> {
  const hash = await deps.accounts.findPasswordHash(accountId);
  if (!(await verifyPassword(deps, hash, password))) throw new ContractError('wrong_password');
}
