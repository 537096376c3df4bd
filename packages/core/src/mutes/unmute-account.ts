import type { Relationship } from '@twite/contract';
import type { RelationshipDeps } from '../follows/list-relationships.ts';
import { takeBack } from '../follows/other-account.ts';

/** Unmutes an account. Its posts reappear in the home timeline at once. */
export const unmuteAccount = (
  deps: RelationshipDeps,
  viewerId: string,
  accountId: string,
): Promise<Relationship> => takeBack(deps, viewerId, accountId, () => deps.mutes.remove(viewerId, accountId));
