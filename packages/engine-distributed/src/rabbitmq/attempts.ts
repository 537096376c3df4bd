import { Unavailable } from '@twite/core/unavailable';

/** How often a handler receives the same event or job before it is parked. */
export const attemptsMax = 5;

const FIRST_MS = 10;
const FAILED_MS_MAX = 1_000;
const AWAY_MS_MAX = 5_000;

/** With full jitter: messages that failed together are not retried together. */
const delayMs = (attempts: number, maxMs: number): number =>
  Math.random() * Math.min(maxMs, FIRST_MS * 2 ** Math.min(attempts, 16));

/** The delay after the nth failure. */
export const retryDelayMs = (failures: number): number => delayMs(failures - 1, FAILED_MS_MAX);

/** The delay after the nth time that a dependency was unavailable. */
export const awayDelayMs = (times: number): number => delayMs(times - 1, AWAY_MS_MAX);

/** The text that is stored with a parked message. */
export function describeError(error: unknown): string {
  // Its message is for clients and names no dependency.
  if (error instanceof Unavailable) return `${error.dependency}: ${describeError(error.cause)}`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
