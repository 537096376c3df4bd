import { ContractError, type Relationship } from '@twite/contract';
import { getUndeletedAccount } from '../accounts/get-existing-account.ts';
import type { Deps } from '../engine.ts';
import { getRelationship } from './get-relationship.ts';
import type { RelationshipDeps } from './list-relationships.ts';

/** Throws `self_action` when the account is the viewer's own. */
export function refuseSelf(viewerId: string, accountId: string): void {
  if (viewerId === accountId) throw new ContractError('self_action');
}

/** Returns the other account, suspended or not. Throws `self_action`, `account_not_found`. */
export async function requireOther(
  deps: Pick<Deps, 'accounts'>,
  viewerId: string,
  accountId: string,
): Promise<void> {
  refuseSelf(viewerId, accountId);
  await getUndeletedAccount(deps, accountId);
}

/**
 * Undoes the viewer's action on another account, whatever the status of that account. The account must exist only if
 * nothing was removed. Throws `self_action`, `account_not_found`.
 */
export async function takeBack(
  deps: RelationshipDeps,
  viewerId: string,
  accountId: string,
  remove: () => Promise<boolean>,
): Promise<Relationship> {
  refuseSelf(viewerId, accountId);
  if (!(await remove())) await getUndeletedAccount(deps, accountId);
  return getRelationship(deps, viewerId, accountId);
}
