import { runSuites } from '@twite/conformance/suites';
import type { Recommendations } from '@twite/core/recommendations/recommendation-graph';
import { Unavailable } from '@twite/core/unavailable';
import { Neo4jError } from 'neo4j-driver';
import { describe, expect, it } from 'vitest';
import { MongoRecommendationGraph } from '../mongodb/recommendation-graph.ts';
import { mongoUrl } from '../mongodb/testing/open-mongo.ts';
import { partEngine } from '../testing/part-engine.ts';
import { isNeo4jUnavailable, openNeo4j } from './driver.ts';
import { Neo4jRecommendationGraph } from './recommendation-graph.ts';
import { RecommendationsWithFallback } from './recommendations-with-fallback.ts';
import { neo4jUrl, openKeptGraph } from './testing/open-kept-graph.ts';

describe.runIf(neo4jUrl !== '' && mongoUrl !== '')('recommendations', () => {
  describe('from the graph', () => {
    runSuites(
      {
        name: 'Neo4j',
        async open() {
          const kept = await openKeptGraph();
          const { accounts, follows } = kept;
          const recommendations = new Neo4jRecommendationGraph(kept.driver, kept.space);
          await recommendations.warm();
          return partEngine(
            { accounts, follows, recommendations },
            { settled: () => kept.keep(), close: async () => kept[Symbol.asyncDispose]() },
          );
        },
      },
      ['recommendations'],
    );
  });

  describe('from MongoDB, except for the mark', () => {
    runSuites(
      {
        name: 'MongoDB',
        async open() {
          const kept = await openKeptGraph();
          const { accounts, follows } = kept;
          const degraded = new MongoRecommendationGraph(kept.collections);
          const recommendations = {
            async recommend(...asked: Parameters<typeof degraded.recommend>): Promise<Recommendations> {
              const found = await degraded.recommend(...asked);
              expect(found.degraded).toBe(true);
              return { ...found, degraded: false };
            },
          };
          return partEngine(
            { accounts, follows, recommendations },
            { settled: async () => {}, close: async () => kept[Symbol.asyncDispose]() },
          );
        },
      },
      ['recommendations'],
    );
  });

  it('come from MongoDB only while the graph is unavailable', async () => {
    const rows = [{ accountId: '1', commonFolloweeCount: 1, commonFolloweeIds: ['2'] }];
    const instead = { recommend: async () => ({ rows, degraded: true }) };
    const failing = (error: Error) => ({ recommend: () => Promise.reject(error) });
    const ask = (error: Error) =>
      new RecommendationsWithFallback(failing(error), instead).recommend('3', new Set(), 10);
    expect(await ask(new Unavailable('neo4j'))).toEqual({ rows, degraded: true });
    await expect(ask(new Error('a mistake of ours'))).rejects.toThrow('a mistake of ours');
  });

  it('are unavailable when nothing listens or the response takes too long', async () => {
    await using nowhere = openNeo4j('bolt://127.0.0.1:1');
    const refused = await new Neo4jRecommendationGraph(nowhere, 'none')
      .recommend('1', new Set(), 1)
      .catch((e) => e);
    expect(isNeo4jUnavailable(refused)).toBe(true);
    await using driver = openNeo4j(neo4jUrl);
    const run = async (cypher: string) => {
      const session = driver.session();
      try {
        return await session.run(cypher, {}, { timeout: 50 });
      } catch (error) {
        return error;
      } finally {
        await session.close();
      }
    };
    expect(isNeo4jUnavailable(await run('UNWIND range(1, 1000000000) AS n RETURN max(n % 7)'))).toBe(true);
    expect(isNeo4jUnavailable(await run('RETURN nothing'))).toBe(false);
    expect(isNeo4jUnavailable(new Error('another'))).toBe(false);
    const wrongPassword = new Neo4jError('x', 'Neo.ClientError.Security.Unauthorized', '', '');
    expect(isNeo4jUnavailable(wrongPassword)).toBe(true);
  });
});
