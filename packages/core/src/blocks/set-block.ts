import type { Account, Page, Relationship } from '@twite/contract';
import { listAccounts } from '../accounts/list-accounts.ts';
import type { Deps } from '../engine.ts';
import { getRelationship } from '../follows/get-relationship.ts';
import type { RelationshipDeps } from '../follows/list-relationships.ts';
import { requireOther, takeBack } from '../follows/other-account.ts';
import { refuseBeyondCap } from '../follows/refuse-beyond-cap.ts';
import type { PageRequest } from '../page.ts';

type BlockDeps = RelationshipDeps & Pick<Deps, 'ids' | 'settings'>;

/** Ends the follows between two accounts in both directions. */
export async function unfollowEachOther(
  deps: Pick<Deps, 'follows'>,
  one: string,
  other: string,
): Promise<void> {
  await deps.follows.unfollow(one, other);
  await deps.follows.unfollow(other, one);
}

/**
 * Blocks an account: from the next read on, neither sees nor follows the other. Throws `self_action`,
 * `account_not_found`, `too_many_blocks`.
 */
export async function blockAccount(
  deps: BlockDeps,
  viewerId: string,
  accountId: string,
): Promise<Relationship> {
  await requireOther(deps, viewerId, accountId);
  const max = deps.settings.blocksPerAccountMax;
  await refuseBeyondCap('too_many_blocks', {
    count: await deps.blocks.count(viewerId, max),
    max,
    isThere: async () => (await deps.blocks.blockedAmong(viewerId, [accountId])).has(accountId),
  });
  await deps.blocks.add(deps.ids.next(), viewerId, accountId);
  // The block itself is what counts. After a crash here, `upkeep` ends the follows on the block's event.
  await unfollowEachOther(deps, viewerId, accountId);
  return getRelationship(deps, viewerId, accountId);
}

/** Unblocks an account. Follows that the block ended are not restored. */
export const unblockAccount = (deps: BlockDeps, viewerId: string, accountId: string): Promise<Relationship> =>
  takeBack(deps, viewerId, accountId, () => deps.blocks.remove(viewerId, accountId));

/** The accounts that the viewer blocks, newest first. */
export const listBlocks = (
  deps: Pick<Deps, 'accounts' | 'blocks' | 'follows' | 'mediaUrl'>,
  viewerId: string,
  page: PageRequest,
): Promise<Page<Account>> =>
  listAccounts(deps, viewerId, page, (keys) => deps.blocks.list(viewerId, keys), { ownDeeds: true });
