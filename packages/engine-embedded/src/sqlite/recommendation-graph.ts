import type { RecommendationGraph, Recommendations } from '@twite/core/recommendations/recommendation-graph';
import type { Store } from './store.ts';

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
    const rows = await this.#store.reader.run('recommend', { accountId, excludedIds, limit });
    return { rows, degraded: false };
  }
}
