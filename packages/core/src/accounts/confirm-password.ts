import { ContractError } from '@twite/contract';
import type { Deps } from '../engine.ts';
import { verifyPassword } from '../passwords/verify-password.ts';

/** Checks the password again where a session alone is not enough. Throws `wrong_password`, `overloaded`. */
export async function confirmPassword(
  deps: Pick<Deps, 'accounts' | 'passwords'>,
  accountId: string,
  password: string,
): Promise<void> {
  const hash = await deps.accounts.findPasswordHash(accountId);
  if (!(await verifyPassword(deps, hash, password))) throw new ContractError('wrong_password');
}
