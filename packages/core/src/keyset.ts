/** A page by key, newest first: rows whose id is below `before`, at most `limit` of them. */
export interface PageBefore {
  readonly before?: string | undefined;
  readonly limit: number;
}

/** A page by key, oldest first: rows whose id is above `after`, at most `limit` of them. */
export interface PageAfter {
  readonly after?: string | undefined;
  readonly limit: number;
}

/** One row of a list of accounts. `edgeId` is the snowflake of the edge: the order and the cursor of the list. */
export interface AccountEdge {
  readonly edgeId: string;
  readonly accountId: string;
}
