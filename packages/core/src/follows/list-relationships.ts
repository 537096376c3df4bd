import type { Page, Relationship } from '@twite/contract';
import type { Engine } from '../engine.ts';

export type RelationshipDeps = Pick<Engine, 'accounts' | 'follows' | 'blocks' | 'mutes'>;

/**
 * The viewer's relationships with the given accounts, in the given order. Omits deleted accounts, and suspended
 * accounts that neither follow the viewer nor are followed, blocked or muted by them.
 */
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
  const items = [...new Set(accountIds)].flatMap((accountId): Relationship[] => {
    const status = accounts.get(accountId)?.status;
    const relationship = {
      accountId,
      following: following.has(accountId),
      followedBy: followedBy.has(accountId),
      blocking: blocking.has(accountId),
      blockedBy: blockedBy.has(accountId),
      muting: muted.has(accountId),
    };
    const { following: follows, followedBy: isFollowed, blocking: blocks, muting: mutes } = relationship;
    const shown =
      status === 'active' || (status === 'suspended' && (follows || isFollowed || blocks || mutes));
    return shown ? [relationship] : [];
  });
  return { items, nextCursor: null };
}
