import { ContractError } from '@twite/contract';
import type { Engine } from '../engine.ts';
import type { AccountRecord } from './account-store.ts';

/** Returns an active account. Suspended, deleted and nonexistent accounts all give `account_not_found`. */
export function requireActive(account: AccountRecord | undefined): AccountRecord {
  if (account?.status !== 'active') throw new ContractError('account_not_found');
  return account;
}

export async function getActiveAccount(
  deps: Pick<Engine, 'accounts'>,
  accountId: string,
): Promise<AccountRecord> {
  return requireActive((await deps.accounts.findMany([accountId])).get(accountId));
}

/** Returns the account, suspended or not. Deleted and nonexistent accounts both give `account_not_found`. */
export async function getUndeletedAccount(
  deps: Pick<Engine, 'accounts'>,
  accountId: string,
): Promise<AccountRecord> {
  const account = (await deps.accounts.findMany([accountId])).get(accountId);
  if (!account || account.status === 'deleted') throw new ContractError('account_not_found');
  return account;
}
