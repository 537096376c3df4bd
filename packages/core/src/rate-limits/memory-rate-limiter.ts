import type { Clock } from '../clock.ts';
import { gcra } from './gcra.ts';
import type { RateCheck, RateLimiter, RateState } from './rate-limiter.ts';

const KEYS_MAX = 100_000;

interface Arrival {
  /** The theoretical arrival time. */
  tatMs: number;
  /** The number of the last use after which the key moved to the end of the order. */
  movedAt: number;
}

/**
 * GCRA in this process. Bounded: when there are too many keys, it evicts keys with a full allowance first, then the
 * least recently used.
 */
export class MemoryRateLimiter implements RateLimiter {
  readonly #clock: Clock;
  readonly #keysMax: number;
  /**
   * By key, roughly in the order of their last use. A key that moves leaves a hole in the map, and setting a key walks
   * over all holes of that key: one that is used by every request must not move each time.
   */
  readonly #arrivals = new Map<string, Arrival>();
  #uses = 0;

  constructor(clock: Clock, keysMax: number = KEYS_MAX) {
    this.#clock = clock;
    this.#keysMax = keysMax;
  }

  async take(checks: readonly RateCheck[]): Promise<readonly RateState[]> {
    const now = this.#clock.now();
    const staged = new Map<string, number>();
    const decisions = checks.map((check) => {
      const tatMs = staged.get(check.key) ?? this.#arrivals.get(check.key)?.tatMs;
      const decision = gcra(check, tatMs, now);
      staged.set(check.key, decision.tatMs);
      return { ...decision, before: tatMs ?? now };
    });
    if (decisions.every(({ allowed }) => allowed)) {
      for (const [key, tatMs] of staged) this.#store(key, tatMs);
      if (this.#arrivals.size > this.#keysMax) this.#forget(now);
      return decisions.map(toState);
    }
    // The request counts against none: the states of limits that would have allowed it stay as they were.
    return decisions.map((decision) =>
      decision.allowed
        ? {
            allowed: true,
            remaining: decision.remaining + 1,
            resetSeconds: Math.max(0, Math.ceil((decision.before - now) / 1000)),
            retryAfterSeconds: 0,
          }
        : toState(decision),
    );
  }

  #store(key: string, tatMs: number): void {
    this.#uses += 1;
    const arrival = this.#arrivals.get(key);
    if (arrival !== undefined) {
      arrival.tatMs = tatMs;
      if (this.#uses - arrival.movedAt < this.#keysMax / 10) return;
      this.#arrivals.delete(key);
    }
    this.#arrivals.set(key, { tatMs, movedAt: this.#uses });
  }

  #forget(now: number): void {
    for (const [key, { tatMs }] of this.#arrivals) if (tatMs <= now) this.#arrivals.delete(key);
    // Evicts down to three quarters, so that a flood of keys does not cause a sweep on every request.
    let surplus = this.#arrivals.size - Math.floor(this.#keysMax * 0.75);
    for (const key of this.#arrivals.keys()) {
      if (surplus <= 0) break;
      this.#arrivals.delete(key);
      surplus -= 1;
    }
  }
}

const toState = ({ allowed, remaining, resetSeconds, retryAfterSeconds }: RateState): RateState => ({
  allowed,
  remaining,
  resetSeconds,
  retryAfterSeconds,
});
