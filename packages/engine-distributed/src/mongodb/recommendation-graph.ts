import type {
  Recommendation,
  RecommendationGraph,
  Recommendations,
} from '@twite/core/recommendations/recommendation-graph';
import pMap from 'p-map';
import type { Collections } from './databases.ts';
import { bounded, findInChunks } from './reads.ts';

// The limits of one query: about the cost of a page of a home timeline that is not cached.
const FOLLOWEES_MAX = 200;
const FOLLOWEES_OF_ONE_MAX = 200;
const READS_AT_ONCE = 10;
const CANDIDATES_MAX = 1_000;
const CANDIDATES_AT_ONCE = 250;

const COMMON_IDS_MAX = 3;

/**
 * The fallback while the graph is unavailable. Counts among the newest 200 followees, and the newest 200 of each, so it
 * may miss some, and reports that.
 */
export class MongoRecommendationGraph implements RecommendationGraph {
  readonly #collections: Pick<Collections, 'accounts' | 'follows'>;

  constructor(collections: Pick<Collections, 'accounts' | 'follows'>) {
    this.#collections = collections;
  }

  async recommend(
    accountId: string,
    excludedIds: ReadonlySet<string>,
    limit: number,
  ): Promise<Recommendations> {
    const common = await this.#commonFollowees(accountId);
    common.delete(accountId);
    for (const excludedId of excludedIds) common.delete(excludedId);
    const ranked = [...common].sort(([idA, a], [idB, b]) => b.count - a.count || (idA < idB ? 1 : -1));
    const rows: Recommendation[] = [];
    const looked = Math.min(ranked.length, CANDIDATES_MAX);
    for (let start = 0; rows.length < limit && start < looked; start += CANDIDATES_AT_ONCE) {
      const some = ranked.slice(start, start + CANDIDATES_AT_ONCE);
      const candidates = await this.#candidates(
        accountId,
        some.map(([candidateId]) => candidateId),
      );
      for (const [candidateId, { count, firstIds }] of some) {
        if (rows.length === limit || !candidates.has(candidateId)) continue;
        rows.push({ accountId: candidateId, commonFolloweeCount: count, commonFolloweeIds: firstIds });
      }
    }
    return { rows, degraded: true };
  }

  /** All accounts that the newest followees follow, with how many follow each, and the first of them. */
  async #commonFollowees(accountId: string): Promise<Map<string, { count: number; firstIds: string[] }>> {
    const followeeIds = await this.#newestFollowees(accountId, FOLLOWEES_MAX);
    const theirs = new Map<string, readonly string[]>();
    await pMap(
      followeeIds,
      async (followeeId) => {
        theirs.set(followeeId, await this.#newestFollowees(followeeId, FOLLOWEES_OF_ONE_MAX));
      },
      { concurrency: READS_AT_ONCE },
    );
    const common = new Map<string, { count: number; firstIds: string[] }>();
    for (const followeeId of followeeIds) {
      for (const candidateId of theirs.get(followeeId) ?? []) {
        const entry = common.get(candidateId) ?? { count: 0, firstIds: [] };
        entry.count += 1;
        if (entry.firstIds.length < COMMON_IDS_MAX) entry.firstIds.push(followeeId);
        common.set(candidateId, entry);
      }
    }
    return common;
  }

  async #newestFollowees(followerId: string, limit: number): Promise<readonly string[]> {
    const found = await this.#collections.follows
      .find(
        { followerId, active: true, counted: true },
        { ...bounded, projection: { _id: 0, followeeId: 1 }, sort: { followId: -1 }, limit },
      )
      .toArray();
    return found.map(({ followeeId }) => followeeId);
  }

  /** Those that are active and not followed. */
  async #candidates(accountId: string, candidateIds: readonly string[]): Promise<ReadonlySet<string>> {
    const [active, followed] = await Promise.all([
      findInChunks(candidateIds, (some) =>
        this.#collections.accounts
          .find({ _id: { $in: some }, status: 'active' }, { ...bounded, projection: { _id: 1 } })
          .toArray(),
      ),
      findInChunks(
        candidateIds.map((candidateId) => `${accountId}:${candidateId}`),
        (some) =>
          this.#collections.follows
            .find({ _id: { $in: some }, active: true }, { ...bounded, projection: { followeeId: 1 } })
            .toArray(),
      ),
    ]);
    const candidates = new Set(active.map(({ _id }) => _id));
    for (const { followeeId } of followed) candidates.delete(followeeId);
    return candidates;
  }
}
