export interface RebuiltSearch {
  readonly posts: number;
  readonly accounts: number;
}

export interface RebuiltGraph {
  readonly accounts: number;
  readonly follows: number;
}

/** How one kind of derived data stands to its source. */
export interface Difference {
  /** Such as `search: posts`. */
  readonly what: string;
  readonly compared: number;
  /** That still differed when it was looked at again. */
  readonly differences: number;
  /** A few of them, by id. */
  readonly examples: readonly string[];
}

/** What an engine derives from its source of truth in stores of their own: built anew, and compared. */
export interface DerivedData {
  /** Without downtime: searches use the old index until the new one is complete. */
  rebuildSearch(onProgress: (soFar: RebuiltSearch) => void): Promise<RebuiltSearch>;
  rebuildGraph(onProgress: (soFar: RebuiltGraph) => void): Promise<RebuiltGraph>;
  /** Compares all of it. What lags behind a write of a moment ago is looked at again before it counts. */
  verify(): Promise<readonly Difference[]>;
}
