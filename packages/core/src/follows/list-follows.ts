import type { Account, Page } from '@twite/contract';
import { getActiveAccount } from '../accounts/get-account.ts';
import { listAccounts } from '../accounts/list-accounts.ts';
import type { PresentAccountDeps, ViewAccountsOptions } from '../accounts/present-account.ts';
import type { AccountEdge, PageBefore } from '../keyset.ts';
import type { PageRequest } from '../page.ts';
import { canSeeAuthor, loadSight } from '../visibility/sight.ts';

async function listEdges(
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

/** The followers of an account, newest follow first. Matches its counts. Throws `account_not_found`. */
export const listFollowers = (
  deps: PresentAccountDeps,
  viewerId: string | undefined,
  accountId: string,
  page: PageRequest,
): Promise<Page<Account>> =>
  listEdges(deps, viewerId, accountId, page, (keys) => deps.follows.listFollowers(accountId, keys));

/**
 * The accounts that an account follows, newest follow first. Matches its counts; the account itself also sees suspended
 * followees. Throws `account_not_found`.
 */
export function listFollowing(
  deps: PresentAccountDeps,
  viewerId: string | undefined,
  accountId: string,
  page: PageRequest,
): Promise<Page<Account>> {
  const ownDeeds = accountId === viewerId;
  return listEdges(
    deps,
    viewerId,
    accountId,
    page,
    (keys) => deps.follows.listFollowing(accountId, { ...keys, inactive: ownDeeds }),
    { ownDeeds },
  );
}
