import { leaveAdmins } from '../admin/last-admin.ts';
import type { Engine } from '../engine.ts';
import { getActiveAccount } from './get-account.ts';

/** Deletes the account at once; what it wrote is unseen from then on and erased by `settleAccount`. Throws `last_admin`. */
export async function deleteMe(
  deps: Pick<Engine, 'accounts' | 'sessions' | 'tokens'>,
  viewerId: string,
): Promise<void> {
  const account = await getActiveAccount(deps, viewerId);
  if (account.role === 'admin') {
    // Before the deletion, which could not be taken back.
    await leaveAdmins(
      deps,
      account,
      () => deps.accounts.setRole(viewerId, 'user'),
      () => deps.accounts.setRole(viewerId, 'admin'),
    );
  }
  await deps.accounts.markDeleted(viewerId);
  await deps.sessions.deleteByAccount(viewerId);
  await deps.tokens.deleteByAccount(viewerId);
}
