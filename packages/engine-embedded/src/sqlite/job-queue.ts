import type { Job, JobClass } from '@twite/core/jobs/job-catalogue';
import type { EnqueueOptions, JobHandlers, JobQueue } from '@twite/core/jobs/job-queue';
import type { ConsumingParts } from './event-consumer.ts';
import { JobWorker } from './job-worker.ts';

/** Jobs are rows of the database until they are done. */
export class SqliteJobQueue implements JobQueue {
  readonly #parts: ConsumingParts;
  #worker: JobWorker | undefined;
  #classes: readonly JobClass[] = [];

  constructor(parts: ConsumingParts) {
    this.#parts = parts;
  }

  async enqueue(jobs: readonly Job[], { runAt, backoff }: EnqueueOptions = {}): Promise<void> {
    if (jobs.length === 0) return;
    await this.#parts.store.writer.run('enqueueJobs', { jobs, runAt, backoff });
  }

  async consume<C extends JobClass>(
    classes: readonly C[],
    handlers: JobHandlers<C>,
  ): Promise<AsyncDisposable> {
    if (this.#worker !== undefined) throw new Error('jobs are consumed already in this process');
    // It has the handlers of all these classes, which the type of a lookup by arbitrary name cannot express.
    const byName: Partial<JobHandlers> = handlers as Partial<JobHandlers>;
    const worker = new JobWorker(this.#parts, classes, byName);
    this.#worker = worker;
    this.#classes = classes;
    worker.start();
    return {
      [Symbol.asyncDispose]: async () => {
        await worker.stop();
        if (this.#worker === worker) this.#forget();
      },
    };
  }

  isConsumed(jobClass: JobClass): boolean {
    return this.#classes.includes(jobClass);
  }

  /** The number of jobs of a class that were started and are not finished. */
  underWay(jobClass: JobClass): number {
    return this.#worker?.underWay(jobClass) ?? 0;
  }

  /** Must be called after every commit that may have enqueued jobs. */
  wake(): void {
    this.#worker?.wake();
  }

  /** Resolves when no due job is left; at once if no jobs are consumed. */
  async drained(): Promise<void> {
    await this.#worker?.drained();
  }

  async stop(): Promise<void> {
    await this.#worker?.stop();
    this.#forget();
  }

  #forget(): void {
    this.#worker = undefined;
    this.#classes = [];
  }
}
