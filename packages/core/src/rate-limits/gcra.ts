/**
 * GCRA, the generic cell rate algorithm: a rate limit whose entire state is one number, the theoretical arrival time
 * (TAT). It is the time at which a caller with an even pace would make the next call; it may run ahead of the clock by
 * the burst. Pure: the caller stores the TAT, and must read and store it atomically.
 */

/** `limit` calls per `windowSeconds` on average; at most `burst` (default: `limit`) of them at once. */
export type RateLimit = { limit: number; windowSeconds: number; burst?: number | undefined };

export type RateLimitDecision = {
  allowed: boolean;
  /** Milliseconds since 1970, possibly with a fraction. Must be stored. A refused call leaves it unchanged. */
  tatMs: number;
  /** How many more calls would be allowed at this moment. */
  remaining: number;
  /** Whole seconds, rounded up, until a refused call would be allowed; 0 for an allowed call. */
  retryAfterSeconds: number;
  /** Whole seconds, rounded up, until the full burst is available again. The TAT need not be stored for longer. */
  resetSeconds: number;
};

// All times lie on a grid of 1/1024 ms. Sums and differences of such numbers are exact in a double until about the year
// 4000, so that exactly `burst` calls fit, never one less due to rounding.
const TICKS_PER_MS = 1024;

/**
 * Decides one call at `nowMs` (milliseconds since 1970). `storedTatMs` is the TAT of the last decision, or undefined
 * for a caller not seen before. A clock that stepped back never keeps a caller out for longer than a full burst
 * takes to refill.
 *
 * In any span of t seconds, at most `burst + t × limit / windowSeconds` calls are allowed.
 *
 * @throws RangeError when `limit` or `windowSeconds` is not above 0, or `burst` is not a whole number from 1.
 */
export function gcra(policy: RateLimit, storedTatMs: number | undefined, nowMs: number): RateLimitDecision {
  const { limit, windowSeconds, burst = Math.max(1, Math.floor(limit)) } = policy;
  if (!(limit > 0) || !(windowSeconds > 0) || !Number.isInteger(burst) || burst < 1) {
    throw new RangeError(`not a rate limit: ${JSON.stringify(policy)}`);
  }
  const now = Math.floor(nowMs * TICKS_PER_MS) / TICKS_PER_MS;
  // Rounded up: the grid may make the pace slightly slower, never faster.
  const intervalMs = Math.ceil((windowSeconds * 1000 * TICKS_PER_MS) / limit) / TICKS_PER_MS;
  const toleranceMs = burst * intervalMs;

  const tat = Math.min(Math.max(storedTatMs ?? now, now), now + toleranceMs);
  const nextTat = tat + intervalMs;
  const allowedAt = nextTat - toleranceMs;
  const allowed = now >= allowedAt;
  const tatMs = allowed ? nextTat : tat;
  return {
    allowed,
    tatMs,
    remaining: Math.floor((now + toleranceMs - tatMs) / intervalMs),
    retryAfterSeconds: allowed ? 0 : Math.ceil((allowedAt - now) / 1000),
    resetSeconds: Math.ceil((tatMs - now) / 1000),
  };
}
