import { leaveAdmins } from '../admin/last-admin.ts';
import type { Deps } from '../engine.ts';
import { endSessionsAndTokens } from '../sessions/end-sessions-and-tokens.ts';
import { getActiveAccount } from './get-existing-account.ts';

/** Deletes the account at once. Its content is hidden from then on; `settleAccount` erases it. Throws `last_admin`. */
export async function deleteAccount(
  deps: Pick<Deps, 'accounts' | 'sessions' | 'tokens'>,
  accountId: string,
): Promise<void> {
  const account = await getActiveAccount(deps, accountId);
  if (account.role === 'admin') {
    // Before the deletion, which cannot be undone.
    await leaveAdmins(
      deps,
      account,
      () => deps.accounts.setRole(accountId, 'user'),
      () => deps.accounts.setRole(accountId, 'admin'),
    );
  }
  await deps.accounts.markDeleted(accountId);
  await endSessionsAndTokens(deps, accountId);
}
