import { countInstance } from './queries/instance-stats.ts';
import { sumMediaBytes } from './queries/media-catalogue.ts';
import { recommend } from './queries/recommendation-graph.ts';
import { findFollowersPostAuthors, searchAccounts, searchPosts } from './queries/search-index.ts';
import type { Statements } from './statements.ts';

/** A read through one connection. Arguments and result cross threads, so they are plain data. */
export type Query = (read: Statements, args: never) => unknown;
export type QueryTable = Readonly<Record<string, Query>>;

/**
 * The reads whose cost grows with the instance or with the data of an account. All other reads run on the main thread.
 */
export const queries = {
  searchPosts,
  findFollowersPostAuthors,
  searchAccounts,
  recommend,
  countInstance,
  sumMediaBytes,
} satisfies QueryTable;

export type Queries = typeof queries;
export type QueryName<Table extends QueryTable = Queries> = keyof Table & string;
export type QueryArgs<N extends QueryName<Table>, Table extends QueryTable = Queries> =
  Parameters<Table[N]> extends [unknown, infer A] ? A : undefined;
export type QueryResult<N extends QueryName<Table>, Table extends QueryTable = Queries> = ReturnType<
  Table[N]
>;

export interface QueryCall {
  readonly name: string;
  readonly args: unknown;
}
