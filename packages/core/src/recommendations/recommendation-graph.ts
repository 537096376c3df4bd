export interface Recommendation {
  readonly accountId: string;
  /** How many of the viewer's followees follow the account. */
  readonly commonFolloweeCount: number;
  /** At most three of their ids. */
  readonly commonFolloweeIds: readonly string[];
}

export interface Recommendations {
  readonly rows: readonly Recommendation[];
  /** Whether a simpler substitute answered because the graph was unavailable: the rows may be fewer or different. */
  readonly degraded: boolean;
}

/** The follow graph, for neighbours of neighbours. It may be derived, and may then lag. */
export interface RecommendationGraph {
  /**
   * Active accounts at distance two that the account does not follow, by most common followees, then newest account.
   * Excludes `excludedIds`.
   */
  recommend(accountId: string, excludedIds: ReadonlySet<string>, limit: number): Promise<Recommendations>;
}
