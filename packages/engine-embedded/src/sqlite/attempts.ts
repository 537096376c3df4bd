/** The number of attempts to handle an event or job before it is parked. */
export const ATTEMPTS_MAX = 5;

const FIRST_DELAY_MS = 5;

/** The delay after the nth failure: 5, 20, 80, 320 ms, so that brief failures park nothing. */
export const retryDelayMs = (attempts: number): number => FIRST_DELAY_MS * 4 ** (attempts - 1);

/** How long background work waits before it retries on a full disk. */
export const STORAGE_FULL_DELAY_MS = 1_000;

/** The ids in an event or job, for the log. Empty unless it is a JSON object, because it could contain anything. */
export function loggedPayload(text: string): { readonly payload?: object } {
  try {
    const payload: unknown = JSON.parse(text);
    return typeof payload === 'object' && payload !== null ? { payload } : {};
  } catch {
    return {};
  }
}

/** What is stored of an error with a parked message. */
export const describeError = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error);
