import type { Account, Page } from '@twite/contract';
import type { PresentAccountDeps } from '../accounts/present-account.ts';
import type { PageRequest } from '../page.ts';
import { listEdges } from './list-edges.ts';

/** The followers of an account, newest follow first. Matches its counts. Throws `account_not_found`. */
export const listFollowers = (
  deps: PresentAccountDeps,
  viewerId: string | undefined,
  accountId: string,
  page: PageRequest,
): Promise<Page<Account>> =>
  listEdges(deps, viewerId, accountId, page, (keys) => deps.follows.listFollowers(accountId, keys));
