import { gcra } from '@twite/core/rate-limits/gcra';
import type { RateCheck } from '@twite/core/rate-limits/rate-limiter';
import fc from 'fast-check';
import { expect } from 'vitest';
import type { Suite } from './suite.ts';
import { atOnce, type World } from './world.ts';

async function takeOne(world: World, check: RateCheck) {
  const [state] = await world.engine.rateLimiter.take([check]);
  if (state === undefined) throw new Error('there is no state for the check');
  return state;
}

export const rateLimiterSuite: Suite = ({ fact, propertyRuns }) => {
  fact('exactly as many requests as the limit are allowed at once', async (world) => {
    const check = { key: world.word(), limit: 3, windowSeconds: 60 };
    expect(await takeOne(world, check)).toEqual({
      allowed: true,
      remaining: 2,
      resetSeconds: 20,
      retryAfterSeconds: 0,
    });
    await takeOne(world, check);
    expect(await takeOne(world, check)).toEqual({
      allowed: true,
      remaining: 0,
      resetSeconds: 60,
      retryAfterSeconds: 0,
    });
    for (let i = 0; i < 2; i++) {
      expect(await takeOne(world, check)).toEqual({
        allowed: false,
        remaining: 0,
        resetSeconds: 60,
        retryAfterSeconds: 20,
      });
    }
  });

  fact('requests are allowed again over time', async (world) => {
    const check = { key: world.word(), limit: 3, windowSeconds: 60 };
    for (let i = 0; i < 4; i++) await takeOne(world, check);
    world.clock.advance(19_000);
    expect(await takeOne(world, check)).toMatchObject({ allowed: false, retryAfterSeconds: 1 });
    world.clock.advance(1_000);
    expect(await takeOne(world, check)).toMatchObject({ allowed: true, remaining: 0 });
    expect(await takeOne(world, check)).toMatchObject({ allowed: false });
    world.clock.advance(60_000);
    expect(await takeOne(world, check)).toMatchObject({ allowed: true, remaining: 2 });
  });

  fact('a request counts against all of its limits or against none', async (world) => {
    const tight = { key: world.word(), limit: 1, windowSeconds: 60 };
    const wide = { key: world.word(), limit: 3, windowSeconds: 60 };
    expect(await world.engine.rateLimiter.take([wide, tight])).toMatchObject([
      { allowed: true, remaining: 2 },
      { allowed: true, remaining: 0 },
    ]);
    for (const checks of [
      [wide, tight],
      [tight, wide],
    ]) {
      const states = await world.engine.rateLimiter.take(checks);
      expect(states.map((state) => state.allowed)).toEqual(checks.map((check) => check === wide));
      expect(states.map((state) => state.remaining)).toEqual(checks.map((check) => (check === wide ? 2 : 0)));
      expect(states.map((state) => state.retryAfterSeconds)).toEqual(
        checks.map((check) => (check === wide ? 0 : 60)),
      );
    }
    expect(await takeOne(world, wide)).toMatchObject({ allowed: true, remaining: 1 });
  });

  fact('keys are counted separately', async (world) => {
    const { rateLimiter } = world.engine;
    const policy = { limit: 1, windowSeconds: 60 };
    const key = world.word();
    for (const each of [key, key.toUpperCase(), `${key} `, `${key}\u2028é`]) {
      expect(await rateLimiter.take([{ ...policy, key: each }])).toMatchObject([{ allowed: true }]);
      expect(await rateLimiter.take([{ ...policy, key: each }])).toMatchObject([{ allowed: false }]);
    }
  });

  fact('a request without limits is not limited', async (world) => {
    expect(await world.engine.rateLimiter.take([])).toEqual([]);
  });

  fact('of many concurrent requests, exactly as many as the limit are allowed', async (world) => {
    const check = { key: world.word(), limit: 10, windowSeconds: 60 };
    const second = { key: world.word(), limit: 1_000, windowSeconds: 60 };
    const answers = await atOnce(50, () => world.engine.rateLimiter.take([second, check]));
    expect(answers.filter((states) => states.every((state) => state.allowed))).toHaveLength(10);
    expect(await takeOne(world, second)).toMatchObject({ remaining: 1_000 - 11 });
  });

  fact('every result follows GCRA', async (world) => {
    const policy = fc.record({
      limit: fc.integer({ min: 1, max: 6 }),
      windowSeconds: fc.integer({ min: 1, max: 90 }),
    });
    const gap = fc.oneof(
      fc.constant(0),
      fc.integer({ min: 0, max: 3_000 }),
      fc.integer({ min: 0, max: 100_000 }),
    );
    const request = fc.record({ gap, which: fc.subarray([0, 1], { minLength: 1 }) });
    await fc.assert(
      fc.asyncProperty(
        fc.tuple(policy, policy),
        fc.array(request, { minLength: 1, maxLength: 20 }),
        async (policies, requests) => {
          const limits = policies.map((each) => ({
            ...each,
            key: world.word(),
            tatMs: undefined as number | undefined,
          }));
          for (const { gap: ms, which } of requests) {
            world.clock.advance(ms);
            const asked = limits.filter((_, index) => which.includes(index));
            const decisions = asked.map((limit) => ({
              limit,
              ...gcra(limit, limit.tatMs, world.clock.now()),
            }));
            const counted = decisions.every((decision) => decision.allowed);
            const states = await world.engine.rateLimiter.take(
              asked.map(({ key, limit, windowSeconds }) => ({ key, limit, windowSeconds })),
            );
            expect(states.map((state) => state.allowed)).toEqual(
              decisions.map((decision) => decision.allowed),
            );
            for (const [index, decision] of decisions.entries()) {
              expect(states[index]?.retryAfterSeconds).toBe(decision.retryAfterSeconds);
              if (!counted) continue;
              decision.limit.tatMs = decision.tatMs;
              expect(states[index]).toMatchObject({
                remaining: decision.remaining,
                resetSeconds: decision.resetSeconds,
              });
            }
          }
        },
      ),
      { numRuns: propertyRuns },
    );
  });
};
