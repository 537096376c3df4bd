import type { GraphQLSchema } from 'graphql/index.js';

// The limits of a page of recommendations. Measured: about 1 µs per follow.
const FOLLOWEES_MAX = 1_000;
const EDGES_MAX = 200_000;

/**
 * Accounts and the follows between them. `space` is the namespace of an engine; anything not `active` is a tombstone,
 * so that an old follow that arrives late changes nothing.
 */
const typeDefs = /* GraphQL */ `
  extend schema @mutation(operations: [])

  type TwiteAccount @node {
    space: String!
    accountId: String!
    "active, suspended or deleted; null while it is known by a follow alone."
    status: String
    rev: BigInt
    followees: [TwiteAccount!]!
      @relationship(type: "FOLLOWS", direction: OUT, properties: "TwiteFollow")
    followers: [TwiteAccount!]!
      @relationship(type: "FOLLOWS", direction: IN, properties: "TwiteFollow")
    "Active accounts that followees follow and this one does not, by how many do, then newest account."
    recommendations(excludedIds: [String!]!, limit: Int!): [TwiteRecommendation!]!
      @cypher(
        statement: """
        MATCH (this)-[mine:FOLLOWS]->(followee:TwiteAccount)
        WHERE mine.active
        WITH this, followee ORDER BY mine.followId DESC
        WITH this,
          collect(followee.accountId) AS followedIds,
          collect(CASE WHEN followee.status = 'active' THEN followee END)[..${FOLLOWEES_MAX}] AS followees
        UNWIND followees AS followee
        MATCH (followee)-[theirs:FOLLOWS]->(candidate:TwiteAccount)
        WHERE theirs.active
        WITH this, followedIds, followee, candidate LIMIT ${EDGES_MAX}
        WITH this, followedIds, candidate, count(*) AS common, apoc.agg.slice(followee, 0, 3) AS some
        WHERE candidate <> this AND candidate.status = 'active'
          AND NOT candidate.accountId IN followedIds AND NOT candidate.accountId IN $excludedIds
        WITH candidate, common, some ORDER BY common DESC, candidate.accountId DESC LIMIT $limit
        RETURN {
          accountId: candidate.accountId,
          commonFolloweeCount: common,
          commonFolloweeIds: [followee IN some | followee.accountId]
        } AS recommendation
        """
        columnName: "recommendation"
      )
  }

  type TwiteFollow @relationshipProperties {
    "The snowflake of the follow that is, or was last."
    followId: String!
    rev: BigInt!
    active: Boolean!
  }

  type TwiteRecommendation {
    accountId: String!
    commonFolloweeCount: Int!
    commonFolloweeIds: [String!]!
  }
`;

let schema: Promise<GraphQLSchema> | undefined;

/** Created once per process, on first use: it takes half a second. Engines share it, each with its space. */
export function graphSchema(): Promise<GraphQLSchema> {
  schema ??= makeSchema().catch((error: unknown) => {
    schema = undefined;
    throw error;
  });
  return schema;
}

async function makeSchema(): Promise<GraphQLSchema> {
  const { Neo4jGraphQL } = await import('@neo4j/graphql');
  return new Neo4jGraphQL({ typeDefs }).getSchema();
}
