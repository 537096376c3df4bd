/** One limit that a request counts against. */
export interface RateCheck {
  /** Who is counted for what, such as `write:account:1855…`. */
  readonly key: string;
  readonly limit: number;
  readonly windowSeconds: number;
}

/** How one limit stands after the request. */
export interface RateState {
  readonly allowed: boolean;
  readonly remaining: number;
  /** Seconds until the limit is whole again. */
  readonly resetSeconds: number;
  /** Seconds until one more is allowed; 0 when it is. */
  readonly retryAfterSeconds: number;
}

/** Counts requests by GCRA. */
export interface RateLimiter {
  /** Counts the request against all of the limits when all allow it, else against none; a state for each, in order. */
  take(checks: readonly RateCheck[]): Promise<readonly RateState[]>;
}
