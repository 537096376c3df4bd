/** One limit that a request counts against. */
export interface RateCheck {
  /** The subject and what is counted, such as `write:account:1855…`. */
  readonly key: string;
  readonly limit: number;
  readonly windowSeconds: number;
}

/** The state of one limit after the request. */
export interface RateState {
  readonly allowed: boolean;
  readonly remaining: number;
  /** Seconds until the full limit is available again. */
  readonly resetSeconds: number;
  /** Seconds until one more request is allowed; 0 if it is allowed now. */
  readonly retryAfterSeconds: number;
}

/** Counts requests by GCRA. */
export interface RateLimiter {
  /**
   * Counts the request against all limits if all of them allow it, otherwise against none. Returns a state per limit,
   * in order.
   */
  take(checks: readonly RateCheck[]): Promise<readonly RateState[]>;
}
