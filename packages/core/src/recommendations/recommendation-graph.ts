export interface Recommendation {
  readonly accountId: string;
  /** How many of the accounts that the viewer follows, follow it. */
  readonly commonFolloweeCount: number;
  /** At most three of them. */
  readonly commonFolloweeIds: readonly string[];
}

export interface Recommendations {
  readonly rows: readonly Recommendation[];
  /** Whether something simpler stood in for the graph, which was away: the rows may be fewer, or others. */
  readonly degraded: boolean;
}

/** The follow graph, asked for neighbours of neighbours. May be derived, and then may lag. */
export interface RecommendationGraph {
  /**
   * Active accounts at distance two that the account does not follow, by most common followees, then newest account.
   * Without `excludedIds`.
   */
  recommend(accountId: string, excludedIds: ReadonlySet<string>, limit: number): Promise<Recommendations>;
}
