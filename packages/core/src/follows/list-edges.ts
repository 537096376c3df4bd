import type { Account, Page } from '@twite/contract';
import { getActiveAccount } from '../accounts/get-existing-account.ts';
import { listAccounts } from '../accounts/list-accounts.ts';
import type { PresentAccountDeps, ViewAccountsOptions } from '../accounts/present-account.ts';
import type { AccountEdge, PageBefore } from '../keyset.ts';
import type { PageRequest } from '../page.ts';
import { canSeeAuthor, loadSight } from '../visibility/sight.ts';

/** One direction of the follows of an account. Empty for a viewer who may not see it. Throws `account_not_found`. */
export async function listEdges(
  deps: PresentAccountDeps,
  viewerId: string | undefined,
  accountId: string,
  page: PageRequest,
  fetch: (page: PageBefore) => Promise<readonly AccountEdge[]>,
  options?: ViewAccountsOptions,
): Promise<Page<Account>> {
  await getActiveAccount(deps, accountId);
  const sight = await loadSight(deps, viewerId, [accountId]);
  if (!canSeeAuthor(sight, accountId)) return { items: [], nextCursor: null };
  return listAccounts(deps, viewerId, page, fetch, options);
}
