import type { Relationship } from '@twite/contract';
import { listRelationships, type RelationshipDeps } from './list-relationships.ts';

/** The viewer's relationship with one account. An account that is not shown counts as unrelated. */
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
