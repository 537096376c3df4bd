import { type Account, ContractError } from '@twite/contract';
import type { Deps, Engine } from '../engine.ts';
import type { RelationshipDeps } from '../follows/list-relationships.ts';
import { listRelationships } from '../follows/list-relationships.ts';
import type { AccountRecord } from './account-store.ts';
import { presentAccount, presentSuspendedAccount } from './present-account.ts';

/** Returns an active account. Suspended, deleted and nonexistent accounts all give `account_not_found`. */
function requireActive(account: AccountRecord | undefined): AccountRecord {
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

type GetAccountDeps = RelationshipDeps & Pick<Deps, 'mediaUrl'>;

/**
 * Shows a suspended account, by its handle alone, to viewers who have something to undo or want to block it (ADR 0042).
 */
async function viewAccount(
  deps: GetAccountDeps,
  viewerId: string | undefined,
  account: AccountRecord | undefined,
): Promise<Account> {
  if (account?.status === 'suspended' && viewerId !== undefined) {
    const { items } = await listRelationships(deps, viewerId, [account.accountId]);
    if (items.length > 0) return presentSuspendedAccount(account);
  }
  return presentAccount(deps, viewerId, requireActive(account));
}

export async function getAccount(
  deps: GetAccountDeps,
  viewerId: string | undefined,
  accountId: string,
): Promise<Account> {
  return viewAccount(deps, viewerId, (await deps.accounts.findMany([accountId])).get(accountId));
}

export async function getAccountByHandle(
  deps: GetAccountDeps,
  viewerId: string | undefined,
  handle: string,
): Promise<Account> {
  return viewAccount(deps, viewerId, await deps.accounts.findByHandle(handle));
}
