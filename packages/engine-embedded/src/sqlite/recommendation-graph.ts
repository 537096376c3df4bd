import type { RecommendationGraph, Recommendations } from '@twite/core/recommendations/recommendation-graph';
import type { Store } from './store.ts';

/**
 * Computed from the source of truth, so it never lags. Exact while the newest followees together have at most 100,000
 * follows; of longer lists, the newest follows count.
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
    const rows = await this.#store.reader.run('recommend', { accountId, excludedIds, limit });
    return { rows, degraded: false };
  }
}
