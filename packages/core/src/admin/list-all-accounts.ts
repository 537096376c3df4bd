import type { AdminAccount, Page } from '@twite/contract';
import { presentAdminAccount } from '../accounts/present-account.ts';
import type { Deps } from '../engine.ts';
import { fillPage, type PageRequest } from '../page.ts';

/** All accounts except deleted ones, newest first. */
export async function listAllAccounts(
  deps: Pick<Deps, 'accounts' | 'mediaUrl'>,
  page: PageRequest & { readonly status?: 'active' | 'suspended' | undefined },
): Promise<Page<AdminAccount>> {
  return fillPage(page, {
    fetch: (before, limit) => deps.accounts.list({ before, limit, status: page.status }),
    cursorOf: (account) => account.accountId,
    view: async (accounts) => accounts.map((account) => presentAdminAccount(deps, account)),
  });
}
