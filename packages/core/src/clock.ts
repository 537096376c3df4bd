/** Formats a time as in the contract: ISO 8601 in UTC, with milliseconds. */
export const isoTime = (milliseconds: number): string => new Date(milliseconds).toISOString();

/** The source of time. Injected, so that tests control it. */
export interface Clock {
  /** Milliseconds since 1970 in UTC. */
  now(): number;
}
