export interface RebuiltSearch {
  readonly posts: number;
  readonly accounts: number;
}

export interface RebuiltGraph {
  readonly accounts: number;
  readonly follows: number;
}

/** How one kind of derived data differs from its source. */
export interface Difference {
  /** For example `search: posts`. */
  readonly what: string;
  readonly compared: number;
  /** The number of items that still differed on the second look. */
  readonly differences: number;
  /** Some of their ids. */
  readonly examples: readonly string[];
}

/** The data that an engine derives from its source of truth into separate stores: rebuild and verify. */
export interface DerivedData {
  /** Runs without downtime: searches use the old index until the new one is complete. */
  rebuildSearch(onProgress: (soFar: RebuiltSearch) => void): Promise<RebuiltSearch>;
  rebuildGraph(onProgress: (soFar: RebuiltGraph) => void): Promise<RebuiltGraph>;
  /** Compares all derived data. Rechecks items that lag behind a recent write before it counts them. */
  verify(): Promise<readonly Difference[]>;
}
