import type { Account, Page } from '@twite/contract';
import { getActiveAccount } from '../accounts/get-account.ts';
import { viewAccounts } from '../accounts/present-account.ts';
import type { Engine } from '../engine.ts';
import type { AccountEdge, PageBefore } from '../keyset.ts';
import { fillPage, type PageRequest } from '../page.ts';
import { canSeeAuthor, loadSight } from '../visibility/sight.ts';

type ListDeps = Pick<Engine, 'accounts' | 'follows' | 'blocks'>;

async function listEdges(
  deps: ListDeps,
  viewerId: string | undefined,
  accountId: string,
  page: PageRequest,
  fetch: (page: PageBefore) => Promise<readonly AccountEdge[]>,
): Promise<Page<Account>> {
  await getActiveAccount(deps, accountId);
  const sight = await loadSight(deps, viewerId, [accountId]);
  if (!canSeeAuthor(sight, accountId)) return { items: [], nextCursor: null };
  return fillPage(page, {
    fetch: (before, limit) => fetch({ before, limit }),
    cursorOf: (edge) => edge.edgeId,
    view: (edges) =>
      viewAccounts(
        deps,
        viewerId,
        edges.map((edge) => edge.accountId),
      ),
  });
}

/** Who follows an account, newest follow first: as many as its counts say. Throws `account_not_found`. */
export const listFollowers = (
  deps: ListDeps,
  viewerId: string | undefined,
  accountId: string,
  page: PageRequest,
): Promise<Page<Account>> =>
  listEdges(deps, viewerId, accountId, page, (keys) => deps.follows.listFollowers(accountId, keys));

/** Whom an account follows, newest follow first: as many as its counts say. Throws `account_not_found`. */
export const listFollowing = (
  deps: ListDeps,
  viewerId: string | undefined,
  accountId: string,
  page: PageRequest,
): Promise<Page<Account>> =>
  listEdges(deps, viewerId, accountId, page, (keys) => deps.follows.listFollowing(accountId, keys));
