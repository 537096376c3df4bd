/** A time as the contract tells it: ISO 8601 in UTC, to the millisecond. */
export const isoTime = (milliseconds: number): string => new Date(milliseconds).toISOString();

/** Time is injected, so that tests own it. */
export interface Clock {
  /** Milliseconds since 1970 in UTC. */
  now(): number;
}
