import type { Account, Page } from '@twite/contract';
import type { PresentAccountDeps } from '../accounts/present-account.ts';
import type { PageRequest } from '../page.ts';
import { listEdges } from './list-edges.ts';

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
