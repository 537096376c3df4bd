import type { Backoff, Job, JobClass, JobNameOf, JobOf } from './job-catalogue.ts';

/** How a process handles the jobs of some classes, by default all. Omitting a job does not compile. */
export type JobHandlers<C extends JobClass = JobClass> = {
  readonly [N in JobNameOf<C>]: (job: JobOf<N>) => Promise<void>;
};

export interface EnqueueOptions {
  /**
   * The start time of the jobs: milliseconds since 1970, by the wall clock. They start about then, or later if all
   * workers of their class are busy. At once if omitted or past.
   */
  readonly runAt?: number | undefined;
  /** The retry delay of each of the jobs. Default: the one in the catalogue. */
  readonly backoff?: Backoff | undefined;
}

/**
 * Durable queues, one per class of jobs. An enqueued job runs at least once, even across crashes and even if it is not
 * due yet. Due jobs start in the order in which they became due, as far as one worker takes them.
 */
export interface JobQueue {
  /** Resolves once all of them are durable. */
  enqueue(jobs: readonly Job[], options?: EnqueueOptions): Promise<void>;
  /**
   * Starts to work on the jobs of these classes, a few of each class at a time. A job whose handler throws is retried
   * after its backoff while others of its class run; after five failures it is parked. Disposing waits for the running
   * jobs.
   */
  consume<C extends JobClass>(classes: readonly C[], handlers: JobHandlers<C>): Promise<AsyncDisposable>;
}
