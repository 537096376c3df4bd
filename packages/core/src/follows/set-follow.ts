import { ContractError, type Relationship } from '@twite/contract';
import { getActiveAccount } from '../accounts/get-account.ts';
import type { Deps } from '../engine.ts';
import { unlessAway } from '../unavailable.ts';
import { getRelationship, type RelationshipDeps } from './relationships.ts';

type FollowDeps = RelationshipDeps & Pick<Deps, 'ids' | 'timelines'>;

/** The other account, which must be active and not the viewer's own. Throws `self_action`, `account_not_found`. */
export async function requireOther(
  deps: Pick<Deps, 'accounts'>,
  viewerId: string,
  accountId: string,
): Promise<void> {
  if (viewerId === accountId) throw new ContractError('self_action');
  await getActiveAccount(deps, accountId);
}

/** Follows; the home timeline has the account's posts from the next read on. Throws `blocked` where a block stands. */
export async function followAccount(
  deps: FollowDeps,
  viewerId: string,
  accountId: string,
): Promise<Relationship> {
  await requireOther(deps, viewerId, accountId);
  if ((await deps.blocks.hiddenFrom(viewerId)).has(accountId)) throw new ContractError('blocked');
  const followed = await deps.follows.follow({
    followId: deps.ids.next(),
    followerId: viewerId,
    followeeId: accountId,
  });
  // Should the cache be away, `upkeep` drops the timeline when it is back, on the follow's event.
  if (followed) await unlessAway(deps.timelines.drop([viewerId]), () => undefined);
  return getRelationship(deps, viewerId, accountId);
}

/** Stops following; the rules on read hide the account's posts at once, and `upkeep` cleans the timeline. */
export async function unfollowAccount(
  deps: FollowDeps,
  viewerId: string,
  accountId: string,
): Promise<Relationship> {
  await requireOther(deps, viewerId, accountId);
  await deps.follows.unfollow(viewerId, accountId);
  return getRelationship(deps, viewerId, accountId);
}
