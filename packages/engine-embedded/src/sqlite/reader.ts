import type { Queries, QueryArgs, QueryName, QueryResult, QueryTable } from './queries.ts';

/** Runs queries that may take long, off the main thread if the database is a file. */
export interface Reader<Table extends QueryTable = Queries> {
  /**
   * The query sees everything that was committed before the call.
   * @throws ContractError `overloaded` when too many queries wait or there is no result at the deadline; `unavailable`
   * when the reader is closed or its thread ended.
   */
  run<N extends QueryName<Table>>(name: N, args: QueryArgs<N, Table>): Promise<QueryResult<N, Table>>;
  /** Rejects the waiting queries. */
  close(): Promise<void>;
}
