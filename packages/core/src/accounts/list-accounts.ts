import type { Account, Page } from '@twite/contract';
import type { AccountEdge, PageBefore } from '../keyset.ts';
import { fillPage, type PageRequest } from '../page.ts';
import { type PresentAccountDeps, type ViewAccountsOptions, viewAccounts } from './present-account.ts';

/** The accounts at the ends of the given edges, newest edge first. Omits those that the viewer may not see. */
export function listAccounts(
  deps: PresentAccountDeps,
  viewerId: string | undefined,
  page: PageRequest,
  fetch: (page: PageBefore) => Promise<readonly AccountEdge[]>,
  options?: ViewAccountsOptions,
): Promise<Page<Account>> {
  return fillPage(page, {
    fetch: (before, limit) => fetch({ before, limit }),
    cursorOf: (edge) => edge.edgeId,
    view: (edges) => {
      const accountIds = edges.map((edge) => edge.accountId);
      return viewAccounts(deps, viewerId, accountIds, options);
    },
  });
}
