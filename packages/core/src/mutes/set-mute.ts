import type { Account, Page, Relationship } from '@twite/contract';
import { viewAccounts } from '../accounts/present-account.ts';
import type { Deps } from '../engine.ts';
import { getRelationship, type RelationshipDeps } from '../follows/relationships.ts';
import { requireOther } from '../follows/set-follow.ts';
import { fillPage, type PageRequest } from '../page.ts';

type MuteDeps = RelationshipDeps & Pick<Deps, 'ids'>;

/** Mutes: the account's posts leave the viewer's home timeline at once, and nobody is told. */
export async function muteAccount(
  deps: MuteDeps,
  viewerId: string,
  accountId: string,
): Promise<Relationship> {
  await requireOther(deps, viewerId, accountId);
  await deps.mutes.add(deps.ids.next(), viewerId, accountId);
  return getRelationship(deps, viewerId, accountId);
}

/** Stops muting; the posts are back in the home timeline at once. */
export async function unmuteAccount(
  deps: MuteDeps,
  viewerId: string,
  accountId: string,
): Promise<Relationship> {
  await requireOther(deps, viewerId, accountId);
  await deps.mutes.remove(viewerId, accountId);
  return getRelationship(deps, viewerId, accountId);
}

/** Whom the viewer mutes, newest first. */
export async function listMutes(
  deps: Pick<Deps, 'accounts' | 'blocks' | 'follows' | 'mutes'>,
  viewerId: string,
  page: PageRequest,
): Promise<Page<Account>> {
  return fillPage(page, {
    fetch: (before, limit) => deps.mutes.list(viewerId, { before, limit }),
    cursorOf: (edge) => edge.edgeId,
    view: (edges) => {
      const accountIds = edges.map((edge) => edge.accountId);
      return viewAccounts(deps, viewerId, accountIds, { showBlocked: true });
    },
  });
}
