import type { Relationship } from '@twite/contract';
import type { Deps } from '../engine.ts';
import { getRelationship } from '../follows/get-relationship.ts';
import type { RelationshipDeps } from '../follows/list-relationships.ts';
import { requireOther } from '../follows/other-account.ts';
import { refuseBeyondCap } from '../follows/refuse-beyond-cap.ts';
import { unfollowEachOther } from '../follows/unfollow-each-other.ts';

type BlockDeps = RelationshipDeps & Pick<Deps, 'ids' | 'settings'>;

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
