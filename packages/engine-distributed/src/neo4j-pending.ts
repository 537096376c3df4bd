// TEMPORARY stand-ins until src/neo4j lands; never committed.
import type { Recommendations } from '@twite/core/recommendations/recommendation-graph';
export interface Neo4j extends AsyncDisposable {
  ping(): Promise<unknown>;
}
export const neo4jDeadlineMs = 1000;
export const isNeo4jUnavailable = (_: unknown) => false;
export const openNeo4j = (_url: string): Neo4j => ({
  ping: async () => {},
  async [Symbol.asyncDispose]() {},
});
export const keepGraph = async (..._: unknown[]) => {};
export class Neo4jRecommendationGraph {
  constructor(..._: unknown[]) {}
  async recommend(): Promise<Recommendations> {
    return { rows: [], degraded: false };
  }
}
export class MongoRecommendationGraph extends Neo4jRecommendationGraph {}
export class RecommendationsWithFallback extends Neo4jRecommendationGraph {}
