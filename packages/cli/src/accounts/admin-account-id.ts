import type { Twite } from '@twite/sdk';
import { findAccountId, readAccountName } from './account-name.ts';

/**
 * The id of any account, even a suspended one, whose handle is not found otherwise. Calls `getAccountByHandle`, and
 * `listAllAccounts` if that finds nothing.
 */
export async function findAdminAccountId(twite: Twite, name: string): Promise<string> {
  try {
    return await findAccountId(twite, name);
  } catch (error) {
    const named = readAccountName(name);
    const { code } = error as { readonly code?: unknown };
    if (code !== 'account_not_found' || !('handle' in named)) throw error;
    const wanted = named.handle.toLowerCase();
    for await (const account of twite.admin.listAccounts({ status: 'suspended', limit: 100 })) {
      if (account.handle.toLowerCase() === wanted) return account.accountId;
    }
    throw error;
  }
}
