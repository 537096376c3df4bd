import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gcra, type RateLimit } from './gcra.ts';

const NOW = Date.parse('2026-01-01T00:00:00Z');
const runs = { numRuns: 1000 };

const policies: fc.Arbitrary<Required<RateLimit>> = fc.record({
  limit: fc.integer({ min: 1, max: 500 }),
  windowSeconds: fc.integer({ min: 1, max: 3600 }),
  burst: fc.integer({ min: 1, max: 60 }),
});
/** Milliseconds between calls: mostly bursts, sometimes pauses. */
const gaps = fc.array(
  fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 2000 }), fc.integer({ min: 0, max: 4_000_000 })),
  { minLength: 1, maxLength: 120 },
);

function play(policy: RateLimit, gapsMs: number[]) {
  let tatMs: number | undefined;
  let now = NOW;
  return gapsMs.map((gap) => {
    now += gap;
    const before = tatMs;
    const decision = gcra(policy, tatMs, now);
    tatMs = decision.tatMs;
    return { now, before, ...decision };
  });
}

/** A leaky bucket in exact fractions: the level drains by `limit` units every `windowSeconds`. */
function bucketModel(policy: Required<RateLimit>, times: number[]): boolean[] {
  const windowMs = BigInt(policy.windowSeconds) * 1000n;
  const limit = BigInt(policy.limit);
  const call = windowMs; // one call = windowMs units, draining `limit` units a millisecond
  let level = 0n;
  let last = times[0] ?? 0;
  return times.map((time) => {
    level -= BigInt(time - last) * limit;
    if (level < 0n) level = 0n;
    last = time;
    if (level + call > call * BigInt(policy.burst)) return false;
    level += call;
    return true;
  });
}

describe('gcra', () => {
  it('allows exactly the burst at once, for any policy', () => {
    fc.assert(
      fc.property(policies, (policy) => {
        const calls = play(policy, new Array(policy.burst + 3).fill(0));
        expect(calls.filter((call) => call.allowed)).toHaveLength(policy.burst);
        expect(calls.slice(0, policy.burst).map((call) => call.remaining)).toEqual(
          Array.from({ length: policy.burst }, (_, i) => policy.burst - 1 - i),
        );
      }),
      runs,
    );
  });

  it('decides like a leaky bucket with exact fractions', () => {
    // Intervals on the grid, so that both must agree on every single call.
    const exact = fc.record({
      limit: fc.constantFrom(1, 2, 4, 5, 8, 10, 20, 25, 50, 100, 125, 200, 250, 500),
      windowSeconds: fc.integer({ min: 1, max: 3600 }),
      burst: fc.integer({ min: 1, max: 60 }),
    });
    fc.assert(
      fc.property(exact, gaps, (policy, gapsMs) => {
        const calls = play(policy, gapsMs);
        const times = calls.map((call) => call.now);
        expect(calls.map((call) => call.allowed)).toEqual(bucketModel(policy, times));
      }),
      runs,
    );
  });

  it('never allows more than the burst plus the refill in any period', () => {
    fc.assert(
      fc.property(policies, gaps, (policy, gapsMs) => {
        const allowed = play(policy, gapsMs)
          .filter((call) => call.allowed)
          .map((call) => call.now);
        for (const [i, from] of allowed.entries()) {
          for (let j = i; j < allowed.length; j++) {
            const spanSeconds = ((allowed[j] ?? 0) - from) / 1000;
            const most = policy.burst + (spanSeconds * policy.limit) / policy.windowSeconds;
            expect(j - i + 1).toBeLessThanOrEqual(most + 1e-9);
          }
        }
      }),
      runs,
    );
  });

  it('a refused call consumes nothing, and the TAT never decreases', () => {
    fc.assert(
      fc.property(policies, gaps, (policy, gapsMs) => {
        for (const call of play(policy, gapsMs)) {
          if (call.before !== undefined) expect(call.tatMs).toBeGreaterThanOrEqual(call.before);
          if (!call.allowed) {
            expect(call.tatMs).toBe(call.before);
            expect(call.remaining).toBe(0);
          }
          expect(call.remaining).toBeGreaterThanOrEqual(0);
          expect(call.remaining).toBeLessThan(policy.burst);
          expect(call.resetSeconds).toBeGreaterThan(0);
        }
      }),
      runs,
    );
  });

  it('retryAfterSeconds is exact, and resetSeconds restores the full burst', () => {
    fc.assert(
      fc.property(policies, gaps, (policy, gapsMs) => {
        const last = play(policy, [...gapsMs, ...new Array(policy.burst + 1).fill(0)]).at(-1);
        if (last === undefined) throw new Error('no call was made');
        expect(last.allowed).toBe(false);
        expect(last.retryAfterSeconds).toBeGreaterThan(0);
        const { tatMs, now, retryAfterSeconds, resetSeconds } = last;
        expect(gcra(policy, tatMs, now + retryAfterSeconds * 1000).allowed).toBe(true);
        expect(gcra(policy, tatMs, now + (retryAfterSeconds - 1) * 1000).allowed).toBe(false);
        expect(gcra(policy, tatMs, now + resetSeconds * 1000).remaining).toBe(policy.burst - 1);
      }),
      runs,
    );
  });

  it('a later caller waits less', () => {
    const waits = fc.integer({ min: 0, max: 10_000_000 });
    fc.assert(
      fc.property(policies, fc.integer({ min: -10_000_000, max: 10_000_000 }), waits, (policy, tat, wait) => {
        const sooner = gcra(policy, NOW + tat, NOW);
        const later = gcra(policy, NOW + tat, NOW + wait);
        if (sooner.allowed) expect(later.allowed).toBe(true);
        expect(later.remaining).toBeGreaterThanOrEqual(sooner.remaining);
      }),
      runs,
    );
  });

  it('after the clock steps back an hour, waits at most for a full refill', () => {
    const policy = { limit: 10, windowSeconds: 60 };
    const future = play(policy, new Array(10).fill(0)).at(-1)?.tatMs ?? 0;
    const refused = gcra(policy, future, NOW - 3_600_000);
    expect(refused).toMatchObject({ allowed: false, retryAfterSeconds: 6, resetSeconds: 60 });
  });

  it.each([
    { limit: 0, windowSeconds: 60 },
    { limit: -1, windowSeconds: 60 },
    { limit: Number.NaN, windowSeconds: 60 },
    { limit: 10, windowSeconds: 0 },
    { limit: 10, windowSeconds: 60, burst: 0 },
    { limit: 10, windowSeconds: 60, burst: 1.5 },
  ])('refuses the policy %j', (policy) => {
    expect(() => gcra(policy, undefined, NOW)).toThrow(RangeError);
  });
});
