import { ContractError } from '@twite/contract';
import type { AccountRecord } from '../accounts/account-store.ts';
import type { Engine } from '../engine.ts';

/**
 * Removes an account from the admins, unless it is the only one: an instance must not lose its last admin by accident.
 * If two concurrent removals leave no admin, both are reverted. Throws `last_admin`.
 */
export async function leaveAdmins(
  deps: Pick<Engine, 'accounts'>,
  account: AccountRecord,
  leave: () => Promise<unknown>,
  comeBack: () => Promise<unknown>,
): Promise<void> {
  const isAdmin = account.role === 'admin' && account.status === 'active';
  if (isAdmin && (await deps.accounts.countAdmins()) <= 1) throw new ContractError('last_admin');
  await leave();
  if (isAdmin && (await deps.accounts.countAdmins()) === 0) {
    await comeBack();
    throw new ContractError('last_admin');
  }
}
