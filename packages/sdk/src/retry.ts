import type { CallScope } from './deadline.ts';
import { TwiteConnectionError, TwiteProblemError, TwiteProtocolError } from './errors.ts';

export interface RetryPolicy {
  /** The number of retries. */
  readonly retries: number;
  /** The client does not wait for a longer Retry-After. */
  readonly maxRetryAfterSeconds: number;
  /** Rejects with the signal's reason when aborted. */
  readonly delay: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** From 0 up to but not including 1. */
  readonly random: () => number;
}

const firstBackoffMs = 200;
const longestBackoffMs = 5_000;

// 502 and 504 mean that a connection behind a load balancer failed. 408: the body arrived too slowly.
const passingStatuses: readonly number[] = [408, 500, 502, 503, 504];

/** The delay before a retry in milliseconds. Undefined if a retry would not help. */
export function retryWait(
  error: unknown,
  attempt: number,
  { maxRetryAfterSeconds, random }: Pick<RetryPolicy, 'maxRetryAfterSeconds' | 'random'>,
): number | undefined {
  // Full jitter: clients that failed together do not retry together.
  const backoff = random() * Math.min(longestBackoffMs, firstBackoffMs * 2 ** attempt);
  if (error instanceof TwiteConnectionError) return backoff;

  const answered = error instanceof TwiteProblemError || error instanceof TwiteProtocolError;
  if (!answered) return undefined;
  const inFlight = error instanceof TwiteProblemError && error.code === 'idempotency_in_flight';
  const asked = error.retryAfterSeconds;
  if (inFlight || passingStatuses.includes(error.status) || (error.status === 429 && asked !== undefined)) {
    if (asked === undefined) return backoff;
    return asked <= maxRetryAfterSeconds ? asked * 1000 + backoff : undefined;
  }
  return undefined;
}

/** Attempts a call, and retries it as far as the policy allows and while `mayRepeat`. */
export async function withRetries<T>(
  policy: RetryPolicy,
  { signal, failed }: CallScope,
  run: (attempt: number) => Promise<T>,
  mayRepeat: () => boolean,
  /** Called before the wait of each retry. */
  onRetry: (error: unknown, attempt: number, waitMs: number) => unknown,
): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await run(attempt);
    } catch (error) {
      signal.throwIfAborted();
      const wait = attempt < policy.retries && mayRepeat() ? retryWait(error, attempt, policy) : undefined;
      if (wait === undefined) throw error;
      failed(error);
      await onRetry(error, attempt, wait);
      await policy.delay(wait, signal);
    }
  }
}
