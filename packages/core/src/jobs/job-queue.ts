import type { Backoff, Job, JobClass, JobNameOf, JobOf } from './job-catalogue.ts';

/** What a process does about the jobs of some classes, by default all: leaving one out does not compile. */
export type JobHandlers<C extends JobClass = JobClass> = {
  readonly [N in JobNameOf<C>]: (job: JobOf<N>) => Promise<void>;
};

export interface EnqueueOptions {
  /**
   * When the jobs may begin: milliseconds since 1970, by the wall clock. They begin about then or, if all workers of their
   * class are busy, later. At once when left out or past.
   */
  readonly runAt?: number | undefined;
  /** How long each of the jobs waits after it failed. Left out: as the catalogue says. */
  readonly backoff?: Backoff | undefined;
}

/**
 * Durable queues, one for each class of jobs: a job that was enqueued is done at least once, also after a crash, and also
 * when it is not due yet. Jobs that are due begin in the order in which they became due, as far as one worker takes them.
 */
export interface JobQueue {
  /** All of them are durable when it resolves. */
  enqueue(jobs: readonly Job[], options?: EnqueueOptions): Promise<void>;
  /**
   * Starts working on the jobs of these classes, a few of each class at a time. A job whose handler throws comes again
   * after its backoff, while others of its class are done; after five times it is parked. Disposing waits for those under
   * way.
   */
  consume<C extends JobClass>(classes: readonly C[], handlers: JobHandlers<C>): Promise<AsyncDisposable>;
}
