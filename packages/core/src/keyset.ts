/** A keyset page, newest first: at most `limit` rows whose id is below `before`. */
export interface PageBefore {
  readonly before?: string | undefined;
  readonly limit: number;
}

/** A keyset page, oldest first: at most `limit` rows whose id is above `after`. */
export interface PageAfter {
  readonly after?: string | undefined;
  readonly limit: number;
}

/** One row of a list of accounts. `edgeId` is the snowflake of the edge: the order and the cursor of the list. */
export interface AccountEdge {
  readonly edgeId: string;
  readonly accountId: string;
}
