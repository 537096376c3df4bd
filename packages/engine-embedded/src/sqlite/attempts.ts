/** How often a handler is given the same event or job before it is parked. */
export const ATTEMPTS_MAX = 5;

const FIRST_DELAY_MS = 5;

/** How long to wait after the nth failure: 5, 20, 80, 320 ms, so that what passes quickly parks nothing. */
export const retryDelayMs = (attempts: number): number => FIRST_DELAY_MS * 4 ** (attempts - 1);

/** How long background work waits before it tries a full disk again. */
export const STORAGE_FULL_DELAY_MS = 1_000;

/** The ids in an event or job, for the log; nothing of what is no JSON object, as it may hold anything. */
export function loggedPayload(text: string): { readonly payload?: object } {
  try {
    const payload: unknown = JSON.parse(text);
    return typeof payload === 'object' && payload !== null ? { payload } : {};
  } catch {
    return {};
  }
}

/** What is kept of an error beside what was parked. */
export const describeError = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error);
