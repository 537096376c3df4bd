import type { Clock } from '@twite/core/clock';
import type { Job, JobHandlers } from '@twite/core/jobs/job-queue';
import type { Log } from '../log.ts';
import { ATTEMPTS_MAX, describeError, retryDelayMs, STORAGE_FULL_DELAY_MS } from './attempts.ts';
import type { Store } from './store.ts';
import { WakeSignal } from './wake-signal.ts';
import { isStorageFull } from './writer.ts';

const CONCURRENCY = 4;
const BATCH_MAX = 100;

interface JobRow {
  readonly jobId: number;
  readonly payload: string;
  readonly attempts: number;
}

/** Does jobs in the order they came, a few at a time. One that fails waits beside the queue, not in front of it. */
export class JobWorker {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #handlers: JobHandlers;
  readonly #signal = new WakeSignal();
  readonly #underWay = new Set<Promise<void>>();
  /** Deletions of done jobs that are not committed yet. */
  readonly #finishing = new Set<Promise<void>>();
  readonly #retries = new Set<NodeJS.Timeout>();
  #loaded: JobRow[] = [];
  #lastLoadedId = 0;
  #waiting: (() => void)[] = [];
  #stopped = false;
  #running: Promise<void> = Promise.resolve();

  constructor(store: Store, clock: Clock, log: Log, handlers: JobHandlers) {
    this.#store = store;
    this.#clock = clock;
    this.#log = log;
    this.#handlers = handlers;
  }

  start(): void {
    this.#running = this.#run();
  }

  wake(): void {
    this.#signal.wake();
  }

  /** Resolves when every job was done or parked, and that is written; or the worker stopped. */
  drained(): Promise<void> {
    if (this.#stopped || this.#isDrained()) return Promise.resolve();
    this.#signal.wake();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Waits for the jobs under way. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#signal.wake();
    await this.#running;
    await Promise.all(this.#underWay);
    for (const timer of this.#retries) clearTimeout(timer);
    this.#retries.clear();
    await Promise.all(this.#finishing);
    this.#tellWaiting();
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      try {
        while (!this.#stopped && this.#underWay.size < CONCURRENCY && this.#load()) this.#startNext();
        if (this.#isDrained()) this.#tellWaiting();
      } catch (error) {
        this.#log({ level: 'error', msg: 'jobs cannot be read', err: error });
        await this.#signal.wait(1_000);
      }
      if (!this.#stopped) await this.#signal.wait();
    }
  }

  #isDrained(): boolean {
    return (
      this.#underWay.size === 0 && this.#retries.size === 0 && !this.#load() && this.#finishing.size === 0
    );
  }

  #tellWaiting(): void {
    for (const resolve of this.#waiting) resolve();
    this.#waiting = [];
  }

  /** Whether there is a job to start. */
  #load(): boolean {
    if (this.#loaded.length > 0) return true;
    this.#loaded = this.#store.read.all<JobRow>(
      'SELECT job_id AS jobId, payload, attempts FROM jobs WHERE job_id > ? ORDER BY job_id LIMIT ?',
      this.#lastLoadedId,
      BATCH_MAX,
    );
    this.#lastLoadedId = this.#loaded.at(-1)?.jobId ?? this.#lastLoadedId;
    return this.#loaded.length > 0;
  }

  #startNext(): void {
    const row = this.#loaded.shift();
    if (row === undefined) return;
    const doing = this.#do(row).finally(() => {
      this.#underWay.delete(doing);
      this.#signal.wake();
    });
    this.#underWay.add(doing);
  }

  async #do(row: JobRow): Promise<void> {
    try {
      const job = JSON.parse(row.payload) as Job;
      // Its name and its handler's are the same, which the type of a lookup cannot say.
      const handle = this.#handlers[job.name] as ((job: Job) => Promise<void>) | undefined;
      if (handle === undefined) throw new Error(`no handler for the job ${job.name}`);
      await handle(job);
      this.#inBackground(row, this.#store.writer.run('finishJob', { jobId: row.jobId }));
    } catch (error) {
      // A full disk is waited for: no job is to blame for it.
      if (isStorageFull(error)) this.#retry(row, STORAGE_FULL_DELAY_MS);
      else this.#failed({ ...row, attempts: row.attempts + 1 }, error);
    }
  }

  #retry(row: JobRow, delayMs: number): void {
    if (this.#stopped) return;
    const timer = setTimeout(() => {
      this.#retries.delete(timer);
      this.#loaded.unshift(row);
      this.#signal.wake();
    }, delayMs);
    this.#retries.add(timer);
  }

  #failed(row: JobRow, error: unknown): void {
    const { jobId, payload, attempts } = row;
    if (attempts < ATTEMPTS_MAX) {
      this.#log({ level: 'warn', msg: 'a job failed', jobId, payload, attempts, err: error });
      this.#retry(row, retryDelayMs(attempts));
      this.#inBackground(undefined, this.#store.writer.run('countJobAttempt', { jobId, attempts }));
      return;
    }
    this.#log({ level: 'error', msg: 'job parked', jobId, payload, err: error });
    const parked = { jobId, error: describeError(error), parkedAt: this.#clock.now() };
    this.#inBackground(row, this.#store.writer.run('parkJob', parked));
  }

  /**
   * At least once: when this is not written, the job only comes again after the next start; or soon, when only space was
   * missing. `again` is the job, unless it comes again anyway.
   */
  #inBackground(again: JobRow | undefined, write: Promise<void>): void {
    const finishing = write
      .catch((error) => {
        if (again !== undefined && isStorageFull(error)) this.#retry(again, STORAGE_FULL_DELAY_MS);
        else this.#log({ level: 'warn', msg: 'the end of a job was not saved', err: error });
      })
      .finally(() => {
        this.#finishing.delete(finishing);
        if (this.#waiting.length > 0) this.#signal.wake();
      });
    this.#finishing.add(finishing);
  }
}
