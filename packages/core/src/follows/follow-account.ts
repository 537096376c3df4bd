import { ContractError, type Relationship } from '@twite/contract';
import { getActiveAccount } from '../accounts/get-existing-account.ts';
import type { Deps } from '../engine.ts';
import { mergeFollowee } from '../timelines/follow-changes.ts';
import { isPrimary, unlessAway } from '../unavailable.ts';
import { getRelationship } from './get-relationship.ts';
import type { RelationshipDeps } from './list-relationships.ts';
import { refuseSelf } from './other-account.ts';
import { refuseBeyondCap } from './refuse-beyond-cap.ts';

type FollowDeps = RelationshipDeps & Pick<Deps, 'ids' | 'posts' | 'timelines' | 'settings'>;

/**
 * Follows an account. The home timeline includes its posts from the next read on. Throws `self_action`,
 * `account_not_found`, `blocked` in either direction, `too_many_follows`.
 */
export async function followAccount(
  deps: FollowDeps,
  viewerId: string,
  accountId: string,
): Promise<Relationship> {
  refuseSelf(viewerId, accountId);
  await getActiveAccount(deps, accountId);
  if ((await deps.blocks.hiddenFrom(viewerId)).has(accountId)) throw new ContractError('blocked');
  const viewer = (await deps.accounts.findMany([viewerId])).get(viewerId);
  await refuseBeyondCap('too_many_follows', {
    count: viewer?.followingCount ?? 0,
    max: deps.settings.followsPerAccountMax,
    isThere: async () => (await deps.follows.followeesAmong(viewerId, [accountId])).has(accountId),
  });
  await deps.follows.follow({ followId: deps.ids.next(), followerId: viewerId, followeeId: accountId });
  // Also if the viewer already followed: this may be a retry of a follow whose process died after the write. When the
  // cache is unavailable, `upkeep` merges the posts on the follow's event.
  await unlessAway(mergeFollowee(deps, viewerId, accountId), () => undefined, isPrimary);
  return getRelationship(deps, viewerId, accountId);
}
