import type { Account, Page } from '@twite/contract';
import { type PresentAccountDeps, viewAccounts } from '../accounts/present-account.ts';
import type { Engine } from '../engine.ts';
import type { PageRequest } from '../page.ts';

/** Searches accounts by a prefix of their handle or of a word of their name. A page may be shorter than its limit. */
export async function searchAccounts(
  deps: PresentAccountDeps & Pick<Engine, 'search'>,
  viewerId: string | undefined,
  q: string,
  page: PageRequest,
): Promise<Page<Account>> {
  const found = await deps.search.searchAccounts(q.replace(/^@/, ''), page);
  const accounts = await viewAccounts(deps, viewerId, found.accountIds);
  return { items: accounts.filter((account) => account !== undefined), nextCursor: found.nextCursor };
}
