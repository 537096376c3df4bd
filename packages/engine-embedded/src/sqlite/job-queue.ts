import type { Clock } from '@twite/core/clock';
import type { Job, JobHandlers, JobQueue } from '@twite/core/jobs/job-queue';
import type { Log } from '../log.ts';
import { JobWorker } from './job-worker.ts';
import type { Store } from './store.ts';

/** Jobs are rows of the database until they are done. */
export class SqliteJobQueue implements JobQueue {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #log: Log;
  #worker: JobWorker | undefined;

  constructor(store: Store, clock: Clock, log: Log) {
    this.#store = store;
    this.#clock = clock;
    this.#log = log;
  }

  async enqueue(jobs: readonly Job[]): Promise<void> {
    if (jobs.length === 0) return;
    await this.#store.writer.run('enqueueJobs', { jobs });
  }

  async consume(handlers: JobHandlers): Promise<AsyncDisposable> {
    if (this.#worker !== undefined) throw new Error('jobs are consumed already in this process');
    const worker = new JobWorker(this.#store, this.#clock, this.#log, handlers);
    this.#worker = worker;
    worker.start();
    return {
      [Symbol.asyncDispose]: async () => {
        await worker.stop();
        if (this.#worker === worker) this.#worker = undefined;
      },
    };
  }

  get isConsumed(): boolean {
    return this.#worker !== undefined;
  }

  /** To be called after every commit that may have enqueued jobs. */
  wake(): void {
    this.#worker?.wake();
  }

  /** Resolves when no job is left, at once when none are consumed. */
  async drained(): Promise<void> {
    await this.#worker?.drained();
  }

  async stop(): Promise<void> {
    await this.#worker?.stop();
    this.#worker = undefined;
  }
}
