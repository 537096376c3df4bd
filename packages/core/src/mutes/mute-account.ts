import type { Relationship } from '@twite/contract';
import type { Deps } from '../engine.ts';
import { getRelationship } from '../follows/get-relationship.ts';
import type { RelationshipDeps } from '../follows/list-relationships.ts';
import { requireOther } from '../follows/other-account.ts';
import { refuseBeyondCap } from '../follows/refuse-beyond-cap.ts';

type MuteDeps = RelationshipDeps & Pick<Deps, 'ids' | 'settings'>;

/**
 * Mutes an account. Its posts disappear from the viewer's home timeline at once, and nobody is notified. Throws
 * `self_action`, `account_not_found`, `too_many_mutes`.
 */
export async function muteAccount(
  deps: MuteDeps,
  viewerId: string,
  accountId: string,
): Promise<Relationship> {
  await requireOther(deps, viewerId, accountId);
  const muted = await deps.mutes.mutedBy(viewerId);
  await refuseBeyondCap('too_many_mutes', {
    count: muted.size,
    max: deps.settings.mutesPerAccountMax,
    isThere: async () => muted.has(accountId),
  });
  await deps.mutes.add(deps.ids.next(), viewerId, accountId);
  return getRelationship(deps, viewerId, accountId);
}
