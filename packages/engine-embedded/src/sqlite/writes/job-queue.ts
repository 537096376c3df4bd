import { type Backoff, classOfJob, type Job } from '@twite/core/jobs/job-catalogue';
import type { WriteContext } from '../write-context.ts';

interface NewJobs {
  readonly jobs: readonly Job[];
  readonly runAt?: number | undefined;
  readonly backoff?: Backoff | undefined;
}

export function enqueueJobs(context: WriteContext, { jobs, runAt, backoff }: NewJobs): void {
  const at = Date.now();
  for (const job of jobs) {
    context.run(
      'INSERT INTO jobs (class, payload, at, run_at, backoff, trace) VALUES (?, ?, ?, ?, ?, ?)',
      classOfJob(job),
      JSON.stringify(job),
      at,
      runAt !== undefined && runAt > at ? Math.ceil(runAt) : null,
      backoff === undefined ? null : JSON.stringify(backoff),
      context.trace,
    );
  }
}

export function finishJob(context: WriteContext, { jobId }: { jobId: number }): void {
  context.run('DELETE FROM jobs WHERE job_id = ?', jobId);
}

export function countJobAttempt(
  context: WriteContext,
  { jobId, attempts }: { jobId: number; attempts: number },
): void {
  context.run('UPDATE jobs SET attempts = ? WHERE job_id = ?', attempts, jobId);
}

/** Reschedules a failed job. */
export function postponeJob(
  context: WriteContext,
  { jobId, attempts, runAt }: { jobId: number; attempts: number; runAt: number },
): void {
  context.run('UPDATE jobs SET attempts = ?, run_at = ? WHERE job_id = ?', attempts, runAt, jobId);
}

/** Parks a job that cannot be done. */
export function parkJob(
  context: WriteContext,
  { jobId, error, parkedAt }: { jobId: number; error: string; parkedAt: number },
): void {
  context.run(
    `INSERT OR REPLACE INTO parked_jobs (job_id, class, payload, error, parked_at)
     SELECT job_id, class, payload, ?, ? FROM jobs WHERE job_id = ?`,
    error,
    parkedAt,
    jobId,
  );
  context.run('DELETE FROM jobs WHERE job_id = ?', jobId);
}
