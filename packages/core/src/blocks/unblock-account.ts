import type { Relationship } from '@twite/contract';
import type { RelationshipDeps } from '../follows/list-relationships.ts';
import { takeBack } from '../follows/other-account.ts';

/** Unblocks an account. Follows that the block ended are not restored. */
export const unblockAccount = (
  deps: RelationshipDeps,
  viewerId: string,
  accountId: string,
): Promise<Relationship> =>
  takeBack(deps, viewerId, accountId, () => deps.blocks.remove(viewerId, accountId));
