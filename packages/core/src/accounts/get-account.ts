import type { Account } from '@twite/contract';
import { type ViewAccountDeps, viewAccount } from './view-account.ts';

export async function getAccount(
  deps: ViewAccountDeps,
  viewerId: string | undefined,
  accountId: string,
): Promise<Account> {
  return viewAccount(deps, viewerId, (await deps.accounts.findMany([accountId])).get(accountId));
}
