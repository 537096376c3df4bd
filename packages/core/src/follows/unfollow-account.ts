import type { Relationship } from '@twite/contract';
import type { RelationshipDeps } from './list-relationships.ts';
import { takeBack } from './other-account.ts';

/** Unfollows an account. The rules on read hide its posts at once, and `upkeep` cleans up the timeline. */
export const unfollowAccount = (
  deps: RelationshipDeps,
  viewerId: string,
  accountId: string,
): Promise<Relationship> =>
  takeBack(deps, viewerId, accountId, () => deps.follows.unfollow(viewerId, accountId));
