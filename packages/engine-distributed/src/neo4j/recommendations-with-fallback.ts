import type { RecommendationGraph, Recommendations } from '@twite/core/recommendations/recommendation-graph';
import { unlessAway } from '@twite/core/unavailable';

/** Queries the graph, and a simpler fallback while the graph is `Unavailable`. */
export class RecommendationsWithFallback implements RecommendationGraph {
  readonly #graph: RecommendationGraph;
  readonly #fallback: RecommendationGraph;

  constructor(graph: RecommendationGraph, fallback: RecommendationGraph) {
    this.#graph = graph;
    this.#fallback = fallback;
  }

  recommend(accountId: string, excludedIds: ReadonlySet<string>, limit: number): Promise<Recommendations> {
    return unlessAway(this.#graph.recommend(accountId, excludedIds, limit), () =>
      this.#fallback.recommend(accountId, excludedIds, limit),
    );
  }
}
