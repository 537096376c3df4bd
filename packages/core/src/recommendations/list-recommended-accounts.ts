import type { Page, RecommendedAccount } from '@twite/contract';
import { type PresentAccountDeps, presentAccountSummary, viewAccounts } from '../accounts/present-account.ts';
import type { Engine } from '../engine.ts';
import type { PopularAccounts } from './popular-accounts.ts';
import type { Recommendation } from './recommendation-graph.ts';

type RecommendDeps = PresentAccountDeps &
  Pick<Engine, 'recommendations' | 'mutes'> & { readonly popularAccounts: PopularAccounts };

/** The accounts that the viewer's followees follow, with the visible followees as the reason. */
async function presentFollowed(
  deps: RecommendDeps,
  viewerId: string,
  rows: readonly Recommendation[],
  hidden: ReadonlySet<string>,
): Promise<RecommendedAccount[]> {
  const [accounts, followees] = await Promise.all([
    viewAccounts(
      deps,
      viewerId,
      rows.map((row) => row.accountId),
    ),
    deps.accounts.findMany([...new Set(rows.flatMap((row) => row.commonFolloweeIds))]),
  ]);
  return rows.flatMap((row, index): RecommendedAccount[] => {
    const account = accounts[index];
    if (!account) return [];
    // The graph may lag behind suspensions and blocks.
    const named = row.commonFolloweeIds.filter(
      (id) => followees.get(id)?.status === 'active' && !hidden.has(id),
    );
    const common = named
      .flatMap((id) => followees.get(id) ?? [])
      .map((account) => presentAccountSummary(deps, account));
    const count = row.commonFolloweeCount - (row.commonFolloweeIds.length - named.length);
    if (count === 0) return [];
    return [{ ...account, reason: { kind: 'followed_by_followees', count, accounts: common } }];
  });
}

/** Popular accounts that the viewer does not follow, best first. */
async function listPopular(
  deps: RecommendDeps,
  viewerId: string,
  excluded: ReadonlySet<string>,
  limit: number,
): Promise<RecommendedAccount[]> {
  const popularIds = (await deps.popularAccounts.list()).filter((id) => !excluded.has(id));
  const followees = await deps.follows.followeesAmong(viewerId, popularIds);
  const chosen = popularIds.filter((id) => !followees.has(id)).slice(0, limit);
  const accounts = await viewAccounts(deps, viewerId, chosen);
  return accounts.flatMap((account): RecommendedAccount[] =>
    account ? [{ ...account, reason: { kind: 'popular', count: 0, accounts: [] } }] : [],
  );
}

/**
 * Accounts followed by the viewer's followees, then popular ones. Excludes accounts that the viewer follows, blocks or
 * mutes. One page.
 */
export async function listRecommendedAccounts(
  deps: RecommendDeps,
  viewerId: string,
  limit: number,
): Promise<Page<RecommendedAccount> & { degraded: boolean }> {
  const [hidden, muted] = await Promise.all([deps.blocks.hiddenFrom(viewerId), deps.mutes.mutedBy(viewerId)]);
  const excluded = new Set([...hidden, ...muted, viewerId]);
  const { rows, degraded } = await deps.recommendations.recommend(viewerId, excluded, limit);
  const followed = await presentFollowed(deps, viewerId, rows, hidden);
  if (followed.length === limit) return { items: followed, nextCursor: null, degraded };
  for (const { accountId } of followed) excluded.add(accountId);
  const popular = await listPopular(deps, viewerId, excluded, limit - followed.length);
  return { items: [...followed, ...popular], nextCursor: null, degraded };
}
