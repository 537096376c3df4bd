import type { Backoff, Job, JobClass } from '@twite/core/jobs/job-catalogue';

/** A job with the state that its queue keeps. */
export interface JobMessage {
  readonly job: Job;
  /** How often it has failed. */
  readonly failures: number;
  /** Null: the catalogue's default. */
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

/** Stores jobs until they are due: not in the broker, which may be replaced by an empty one. */
export interface ScheduledJobs {
  /** Durable on a majority when it resolves. */
  add(jobs: readonly ScheduledJob[]): Promise<void>;
  /**
   * Leases due jobs, earliest first, at most `limit`. For a while no other process gets them; afterwards they are given
   * out again, unless they were removed.
   */
  lease(limit: number): Promise<readonly LeasedJob[]>;
  /** Called once they are in their queues. */
  remove(scheduleIds: readonly string[]): Promise<void>;
  /** Jobs that are due and that no process is about to publish, by class. */
  overdue(): Promise<ReadonlyMap<JobClass, Overdue>>;
  /** When the next job is to be leased, in milliseconds; null when there is none. */
  nextAt(): Promise<number | null>;
}
