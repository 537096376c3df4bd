import type { Backoff, Job, JobClass } from '@twite/core/jobs/job-catalogue';

/** A job with what its queue knows of it. */
export interface JobMessage {
  readonly job: Job;
  /** How often it failed before. */
  readonly failures: number;
  /** Null: as the catalogue says. */
  readonly backoff: Backoff | null;
}

/** A job that is not due yet. */
export interface ScheduledJob extends JobMessage {
  readonly jobClass: JobClass;
  /** Milliseconds. */
  readonly runAt: number;
  readonly traceparent: string | undefined;
}

export interface LeasedJob extends ScheduledJob {
  readonly scheduleId: string;
}

export interface Overdue {
  readonly count: number;
  /** When the first of them was due, in milliseconds. */
  readonly since: number;
}

/** Where jobs are kept until they are due: not in the broker, which may be replaced by an empty one. */
export interface ScheduledJobs {
  /** Kept by a majority when it resolves. */
  add(jobs: readonly ScheduledJob[]): Promise<void>;
  /**
   * Takes jobs that are due, earliest first, at most `limit`. For a while no other process is given them; afterwards they
   * are given out again, unless they were removed.
   */
  lease(limit: number): Promise<readonly LeasedJob[]>;
  /** Once they are in their queues. */
  remove(scheduleIds: readonly string[]): Promise<void>;
  /** Jobs that are due and that no process is about to give to their queues, by class. */
  overdue(): Promise<ReadonlyMap<JobClass, Overdue>>;
  /** When the next is to be leased, in milliseconds; null when there is none. */
  nextAt(): Promise<number | null>;
}
