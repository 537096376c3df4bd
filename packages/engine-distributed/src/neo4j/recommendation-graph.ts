import type {
  Recommendation,
  RecommendationGraph,
  Recommendations,
} from '@twite/core/recommendations/recommendation-graph';
// By its file: the same module as in @neo4j/graphql, not its twin for bundlers, whose schemas are incompatible.
import { type GraphQLError, graphql } from 'graphql/index.js';
import type { Driver } from 'neo4j-driver';
import { neo4jDeadlineMs } from './driver.ts';
import { graphSchema } from './graph-schema.ts';

const source = /* GraphQL */ `
  query Recommendations($space: String!, $accountId: String!, $excludedIds: [String!]!, $limit: Int!) {
    twiteAccounts(where: { space: { eq: $space }, accountId: { eq: $accountId } }) {
      recommendations(excludedIds: $excludedIds, limit: $limit) {
        accountId
        commonFolloweeCount
        commonFolloweeIds
      }
    }
  }
`;

interface Answer {
  readonly twiteAccounts: readonly { readonly recommendations: readonly Recommendation[] }[];
}

/**
 * Queries the graph that `keepGraph` maintains. Exact as long as the newest 1,000 followees have 200,000 follows
 * together; beyond that, only the newest followees count.
 */
export class Neo4jRecommendationGraph implements RecommendationGraph {
  readonly #driver: Driver;
  readonly #space: string;

  constructor(driver: Driver, space: string) {
    this.#driver = driver;
    this.#space = space;
  }

  async recommend(
    accountId: string,
    excludedIds: ReadonlySet<string>,
    limit: number,
  ): Promise<Recommendations> {
    const rows = await this.#ask({ accountId, excludedIds: [...excludedIds], limit }, neo4jDeadlineMs);
    return { rows, degraded: false };
  }

  /** Creates the schema and makes the server plan the query: otherwise the first query would miss its deadline. */
  async warm(): Promise<void> {
    await this.#ask({ accountId: '', excludedIds: [], limit: 1 }, 30_000);
  }

  async #ask(
    variables: { accountId: string; excludedIds: string[]; limit: number },
    timeout: number,
  ): Promise<readonly Recommendation[]> {
    const schema = await graphSchema();
    const session = this.#driver.session({ defaultAccessMode: 'READ' });
    try {
      // An explicit transaction, as the library would retry in those that it begins.
      const transaction = session.beginTransaction({ timeout });
      const { data, errors } = await graphql({
        schema,
        source,
        variableValues: { ...variables, space: this.#space },
        contextValue: { executionContext: transaction },
      });
      if (errors?.[0] !== undefined) throw causeOf(errors[0]);
      await transaction.commit();
      return (data as unknown as Answer).twiteAccounts[0]?.recommendations ?? [];
    } finally {
      await session.close();
    }
  }
}

/** The driver's error, which shows others whether Neo4j is unavailable. */
const causeOf = (error: GraphQLError): Error => error.originalError ?? error;
