import type { Job } from '@twite/core/jobs/job-queue';
import type { WriteContext } from '../write-context.ts';

export function enqueueJobs(context: WriteContext, { jobs }: { jobs: readonly Job[] }): void {
  const at = Date.now();
  for (const job of jobs)
    context.run('INSERT INTO jobs (payload, at) VALUES (?, ?)', JSON.stringify(job), at);
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

/** Puts a job aside that cannot be done. */
export function parkJob(
  context: WriteContext,
  { jobId, error, parkedAt }: { jobId: number; error: string; parkedAt: number },
): void {
  context.run(
    `INSERT OR REPLACE INTO parked_jobs (job_id, payload, error, parked_at)
     SELECT job_id, payload, ?, ? FROM jobs WHERE job_id = ?`,
    error,
    parkedAt,
    jobId,
  );
  context.run('DELETE FROM jobs WHERE job_id = ?', jobId);
}
