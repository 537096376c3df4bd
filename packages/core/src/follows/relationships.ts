import type { Page, Relationship } from '@twite/contract';
import type { Engine } from '../engine.ts';

export type RelationshipDeps = Pick<Engine, 'accounts' | 'follows' | 'blocks' | 'mutes'>;

/** How the viewer stands to some accounts, in the order asked for; those that are not active are left out. */
export async function listRelationships(
  deps: RelationshipDeps,
  viewerId: string,
  accountIds: readonly string[],
): Promise<Page<Relationship>> {
  const [accounts, following, followedBy, blocking, blockedBy, muted] = await Promise.all([
    deps.accounts.findMany(accountIds),
    deps.follows.followeesAmong(viewerId, accountIds),
    deps.follows.followersAmong(viewerId, accountIds),
    deps.blocks.blockedAmong(viewerId, accountIds),
    deps.blocks.blockersAmong(viewerId, accountIds),
    deps.mutes.mutedBy(viewerId),
  ]);
  const items = [...new Set(accountIds)]
    .filter((accountId) => accounts.get(accountId)?.status === 'active')
    .map((accountId) => ({
      accountId,
      following: following.has(accountId),
      followedBy: followedBy.has(accountId),
      blocking: blocking.has(accountId),
      blockedBy: blockedBy.has(accountId),
      muting: muted.has(accountId),
    }));
  return { items, nextCursor: null };
}

/** How the viewer stands to one active account. */
export async function getRelationship(
  deps: RelationshipDeps,
  viewerId: string,
  accountId: string,
): Promise<Relationship> {
  const { items } = await listRelationships(deps, viewerId, [accountId]);
  return (
    items[0] ?? {
      accountId,
      following: false,
      followedBy: false,
      blocking: false,
      blockedBy: false,
      muting: false,
    }
  );
}
