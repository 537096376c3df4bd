import { refuseLastAdmin } from '../admin/last-admin.ts';
import type { Engine } from '../engine.ts';
import { getActiveAccount } from './get-account.ts';

/** Deletes the account at once; what it wrote is unseen from then on and erased by `settleAccount`. Throws `last_admin`. */
export async function deleteMe(
  deps: Pick<Engine, 'accounts' | 'sessions' | 'tokens'>,
  viewerId: string,
): Promise<void> {
  await refuseLastAdmin(deps, await getActiveAccount(deps, viewerId));
  await deps.accounts.markDeleted(viewerId);
  await deps.sessions.deleteByAccount(viewerId);
  await deps.tokens.deleteByAccount(viewerId);
}
