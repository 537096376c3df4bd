import { expect, onTestFinished, test } from 'vitest';
import { requestsOf, scenarios } from '../../packages/cli/src/bench/scenarios.ts';
import { effort, isLong } from './effort.ts';
import { findKnee, startUnderLoad } from './under-load.ts';

test('load: the mix of DeathStarBench has a knee, below which nothing is refused', async () => {
  const underLoad = await startUnderLoad();
  onTestFinished(() => underLoad[Symbol.asyncDispose]());
  const next = requestsOf(scenarios.mixed, underLoad.accounts);
  const knee = await findKnee(underLoad, next);
  console.log(
    `load: mixed has its knee at ${knee.rate}/s on one core: ${knee.goodput.toFixed(0)}/s, p99 ${knee.p99Ms} ms`,
  );
  expect(knee.rate).toBeGreaterThan(0);
  const below = await underLoad.load(
    next,
    effort.stepSeconds,
    Math.max(1, knee.rate * effort.recoveredShare),
  );
  if (isLong) expect(below.ok).toBe(below.requests);
  expect(below.ok).toBeGreaterThan(0);
  expect(Object.keys(below.statuses).filter((status) => !/^(2..|503)$/.test(status))).toEqual([]);
  expect(below.unanswered).toEqual({});
});
