import type { Account } from '@twite/contract';
import { type ViewAccountDeps, viewAccount } from './view-account.ts';

export async function getAccountByHandle(
  deps: ViewAccountDeps,
  viewerId: string | undefined,
  handle: string,
): Promise<Account> {
  return viewAccount(deps, viewerId, await deps.accounts.findByHandle(handle));
}
