/** Time is injected, so that tests own it. */
export interface Clock {
  /** Milliseconds since 1970 in UTC. */
  now(): number;
}
