import type { Page, RecommendedAccount } from '@twite/contract';
import { type PresentAccountDeps, presentAccountSummary, viewAccounts } from '../accounts/present-account.ts';
import type { Engine } from '../engine.ts';

/** Accounts followed by those the viewer follows; not those followed, blocked or muted already. One page. */
export async function listRecommendedAccounts(
  deps: PresentAccountDeps & Pick<Engine, 'recommendations' | 'mutes'>,
  viewerId: string,
  limit: number,
): Promise<Page<RecommendedAccount> & { degraded: boolean }> {
  const [hidden, muted] = await Promise.all([deps.blocks.hiddenFrom(viewerId), deps.mutes.mutedBy(viewerId)]);
  const excluded = new Set([...hidden, ...muted, viewerId]);
  const { rows, degraded } = await deps.recommendations.recommend(viewerId, excluded, limit);
  const [accounts, followees] = await Promise.all([
    viewAccounts(
      deps,
      viewerId,
      rows.map((row) => row.accountId),
    ),
    deps.accounts.findMany([...new Set(rows.flatMap((row) => row.commonFolloweeIds))]),
  ]);
  const items = rows.flatMap((row, index): RecommendedAccount[] => {
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
    return [
      {
        ...account,
        reason: { kind: 'followed_by_followees', count, accounts: common },
      },
    ];
  });
  return { items, nextCursor: null, degraded };
}
