import { ContractError } from '@twite/contract';
import type { AccountRecord } from '../accounts/account-store.ts';
import type { Engine } from '../engine.ts';

/** Throws `last_admin` when the account is the only admin: an instance must not lose its last one by accident. */
export async function refuseLastAdmin(deps: Pick<Engine, 'accounts'>, account: AccountRecord): Promise<void> {
  if (account.role === 'admin' && account.status === 'active' && (await deps.accounts.countAdmins()) <= 1) {
    throw new ContractError('last_admin');
  }
}
