import { DatabaseSync } from 'node:sqlite';
import { jobClasses } from '@twite/core/jobs/job-catalogue';
import fc from 'fast-check';
import { expect, it, onTestFinished } from 'vitest';
import { JobLane } from './job-lane.ts';
import { migrate } from './migrations.ts';
import { createStatements } from './statements.ts';

const startMs = 1_000_000;

const steps = fc.array(
  fc.oneof(
    fc.record({
      do: fc.constant('enqueue' as const),
      lane: fc.nat({ max: 2 }),
      // Seldom more than are loaded at once.
      count: fc.oneof(
        { weight: 9, arbitrary: fc.integer({ min: 1, max: 6 }) },
        { weight: 1, arbitrary: fc.integer({ min: 101, max: 130 }) },
      ),
      inMs: fc.option(fc.nat({ max: 50 }), { nil: null }),
    }),
    fc.record({ do: fc.constant('pass' as const), ms: fc.nat({ max: 30 }) }),
    fc.record({ do: fc.constant('take' as const), lane: fc.nat({ max: 2 }) }),
    fc.record({ do: fc.constant('finish' as const), at: fc.nat() }),
    fc.record({ do: fc.constant('postpone' as const), at: fc.nat(), ms: fc.nat({ max: 40 }) }),
  ),
  { maxLength: 40 },
);

it('returns each job once per due time, never early, in the order of due times', () => {
  const db = new DatabaseSync(':memory:');
  onTestFinished(() => db.close());
  migrate(db, true);
  const statements = createStatements(db);
  fc.assert(
    fc.property(steps, (all) => {
      statements.run('DELETE FROM jobs');
      const lanes = jobClasses.map((jobClass) => new JobLane(jobClass, statements));
      /** Waiting jobs by id: the class, and the time or null. */
      const waiting = new Map<number, { lane: number; runAt: number | null }>();
      const taken: { lane: number; jobId: number }[] = [];
      let now = startMs;
      let lastId = 0;
      const newestId = () =>
        statements.get<{ id: number | null }>('SELECT max(job_id) AS id FROM jobs')?.id ?? 0;
      const next = (lane: number) => lanes[lane]?.next(newestId(), now);
      const expectFrom = (lane: number): boolean => {
        const row = next(lane);
        const mine = [...waiting].filter(([, job]) => job.lane === lane);
        const due = mine.filter(([, { runAt }]) => runAt === null || runAt <= now);
        if (row === undefined) {
          expect(due).toEqual([]);
          return false;
        }
        const job = waiting.get(row.jobId);
        expect(job?.lane).toBe(lane);
        expect(job?.runAt ?? 0).toBeLessThanOrEqual(now);
        // Jobs without a time are in order of arrival.
        if (job?.runAt === null) {
          const first = due.filter(([, { runAt }]) => runAt === null).map(([jobId]) => jobId);
          expect(row.jobId).toBe(Math.min(...first));
        }
        waiting.delete(row.jobId);
        taken.push({ lane, jobId: row.jobId });
        return true;
      };
      for (const step of all) {
        if (step.do === 'enqueue') {
          const runAt = step.inMs === null ? null : now + step.inMs;
          for (let i = 0; i < step.count; i++) {
            lastId += 1;
            statements.run(
              "INSERT INTO jobs (job_id, class, payload, run_at) VALUES (?, ?, '{}', ?)",
              lastId,
              jobClasses[step.lane] ?? '',
              runAt,
            );
            waiting.set(lastId, { lane: step.lane, runAt });
          }
        } else if (step.do === 'pass') {
          now += step.ms;
        } else if (step.do === 'take') {
          expectFrom(step.lane);
        } else if (taken.length > 0) {
          const [{ lane, jobId } = { lane: 0, jobId: 0 }] = taken.splice(step.at % taken.length, 1);
          if (step.do === 'finish') statements.run('DELETE FROM jobs WHERE job_id = ?', jobId);
          else {
            statements.run('UPDATE jobs SET run_at = ? WHERE job_id = ?', now + step.ms, jobId);
            waiting.set(jobId, { lane, runAt: now + step.ms });
          }
          lanes[lane]?.release(jobId);
        }
      }
      now += 1_000;
      for (const lane of lanes.keys()) while (expectFrom(lane));
      expect(waiting.size).toBe(0);
    }),
    { numRuns: 1_000 },
  );
});
