import fc from 'fast-check';
import { expect, test } from 'vitest';
import { jobNames } from './every-job.ts';
import { backoffMs, classOfJob, jobClasses, jobClassOfQueue, jobQueueNameOf } from './job-catalogue.ts';

const waits = fc.nat({ max: 1_000_000_000 });
const fractions = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

test('a delay is at least the backoff, at most a quarter longer, and otherwise never above the maximum', () => {
  fc.assert(
    fc.property(
      waits,
      waits,
      fc.integer({ min: 1, max: 1_000 }),
      fractions,
      (firstMs, maxMs, failures, fraction) => {
        const least = Math.min(maxMs, firstMs * 2 ** Math.min(failures - 1, 52));
        const waitMs = backoffMs({ firstMs, maxMs }, failures, () => fraction);
        expect(Number.isSafeInteger(waitMs)).toBe(true);
        expect(waitMs).toBeGreaterThanOrEqual(least);
        expect(waitMs).toBeLessThanOrEqual(Math.ceil(least * 1.25));
      },
    ),
    { numRuns: 1_000 },
  );
});

test('delays double', () => {
  const waitsOf = [1, 2, 3, 4, 5].map((failures) =>
    backoffMs({ firstMs: 100, maxMs: 700 }, failures, () => 0),
  );
  expect(waitsOf).toEqual([100, 200, 400, 700, 700]);
});

test('each class has its own queue, which identifies it', () => {
  for (const jobClass of jobClasses) expect(jobClassOfQueue(jobQueueNameOf(jobClass))).toBe(jobClass);
  for (const name of ['', 'jobs', 'fanOut', 'jobs.', 'jobs.toString', 'jobs.fanOut.'])
    expect(jobClassOfQueue(name)).toBeUndefined();
});

test('every job has a class; an unknown job is parked where operators can see it', () => {
  expect(new Set(jobNames.map((name) => classOfJob({ name })))).toEqual(new Set(jobClasses));
  for (const name of ['turnLeadIntoGold', 'toString', '__proto__', ''])
    expect(classOfJob({ name })).toBe('reconcile');
});
