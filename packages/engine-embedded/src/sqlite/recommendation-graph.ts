import { setImmediate } from 'node:timers/promises';
import type {
  Recommendation,
  RecommendationGraph,
  Recommendations,
} from '@twite/core/recommendations/recommendation-graph';
import { aboveAllIds, type Store } from './store.ts';

// What one question may cost: about 100 ms in all, in slices between which others get their turn.
const FOLLOWEES_MAX = 1_000;
const FOLLOWEES_OF_ONE_MAX = 1_000;
const EDGES_MAX = 100_000;
const EDGES_AT_ONCE = 5_000;

const COMMON_IDS_MAX = 3;

/**
 * Counted from the source of truth, so it never lags. It is exact as long as the newest followees have 100,000 follows
 * together; of longer lists the newest count.
 */
export class SqliteRecommendationGraph implements RecommendationGraph {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  async recommend(
    accountId: string,
    excludedIds: ReadonlySet<string>,
    limit: number,
  ): Promise<Recommendations> {
    const common = await this.#commonFollowees(accountId);
    for (const { followeeId } of this.#store.read.all<{ followeeId: string }>(
      'SELECT followee_id AS followeeId FROM follows WHERE follower_id = ?',
      accountId,
    )) {
      common.delete(followeeId);
    }
    common.delete(accountId);
    for (const excludedId of excludedIds) common.delete(excludedId);

    const ranked = [...common].sort(
      ([idA, a], [idB, b]) => b.count - a.count || (idA < idB ? 1 : idA > idB ? -1 : 0),
    );
    const recommended: Recommendation[] = [];
    for (const [candidateId, { count, firstIds }] of ranked) {
      if (recommended.length >= limit) break;
      if (!this.#isActive(candidateId)) continue;
      recommended.push({
        accountId: candidateId,
        commonFolloweeCount: count,
        commonFolloweeIds: firstIds,
      });
    }
    return { rows: recommended, degraded: false };
  }

  /** Everyone whom a followee follows, with those followees. */
  async #commonFollowees(accountId: string): Promise<Map<string, { count: number; firstIds: string[] }>> {
    const common = new Map<string, { count: number; firstIds: string[] }>();
    let edges = 0;
    let edgesInSlice = 0;
    for (const followeeId of this.#newestFollowees(accountId, FOLLOWEES_MAX)) {
      if (edges >= EDGES_MAX) break;
      if (edgesInSlice >= EDGES_AT_ONCE) {
        await setImmediate();
        edgesInSlice = 0;
      }
      const theirs = this.#newestFollowees(followeeId, FOLLOWEES_OF_ONE_MAX);
      edges += theirs.length;
      edgesInSlice += theirs.length;
      for (const candidateId of theirs) {
        const entry = common.get(candidateId);
        if (entry === undefined) common.set(candidateId, { count: 1, firstIds: [followeeId] });
        else if (entry.firstIds.length < COMMON_IDS_MAX) entry.firstIds.push(followeeId);
        if (entry !== undefined) entry.count += 1;
      }
    }
    return common;
  }

  #newestFollowees(followerId: string, limit: number): readonly string[] {
    return this.#store.read
      .all<{ followeeId: string }>(
        `SELECT followee_id AS followeeId FROM follows INDEXED BY follows_by_follower
         WHERE follower_id = ? AND counted = 1 AND follow_id < ? ORDER BY follow_id DESC LIMIT ?`,
        followerId,
        aboveAllIds,
        limit,
      )
      .map(({ followeeId }) => followeeId);
  }

  /** Counted follows may lag behind a suspension; the account itself does not. An unknown one has no status to hide it. */
  #isActive(accountId: string): boolean {
    const cached = this.#store.caches.accounts.get(accountId);
    if (cached !== undefined) return cached.status === 'active';
    const row = this.#store.read.get<{ status: string }>(
      'SELECT status FROM accounts WHERE account_id = ?',
      accountId,
    );
    return row === undefined || row.status === 'active';
  }
}
