import { type Account, ContractError } from '@twite/contract';
import type { Engine } from '../engine.ts';
import type { AccountRecord } from './account-store.ts';
import { type PresentAccountDeps, presentAccount } from './present-account.ts';

/** The account if it is active, else `account_not_found`: a suspended or deleted one answers like one that never was. */
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

export async function getAccount(
  deps: PresentAccountDeps,
  viewerId: string | undefined,
  accountId: string,
): Promise<Account> {
  return presentAccount(deps, viewerId, await getActiveAccount(deps, accountId));
}

export async function getAccountByHandle(
  deps: PresentAccountDeps,
  viewerId: string | undefined,
  handle: string,
): Promise<Account> {
  return presentAccount(deps, viewerId, requireActive(await deps.accounts.findByHandle(handle)));
}
