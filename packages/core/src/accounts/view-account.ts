import type { Account } from '@twite/contract';
import type { Deps } from '../engine.ts';
import { listRelationships, type RelationshipDeps } from '../follows/list-relationships.ts';
import type { AccountRecord } from './account-store.ts';
import { requireActive } from './get-existing-account.ts';
import { presentAccount, presentSuspendedAccount } from './present-account.ts';

export type ViewAccountDeps = RelationshipDeps & Pick<Deps, 'mediaUrl'>;

/**
 * Shows a suspended account, by its handle alone, to viewers who have something to undo or want to block it (ADR 0042).
 */
export async function viewAccount(
  deps: ViewAccountDeps,
  viewerId: string | undefined,
  account: AccountRecord | undefined,
): Promise<Account> {
  if (account?.status === 'suspended' && viewerId !== undefined) {
    const { items } = await listRelationships(deps, viewerId, [account.accountId]);
    if (items.length > 0) return presentSuspendedAccount(account);
  }
  return presentAccount(deps, viewerId, requireActive(account));
}
