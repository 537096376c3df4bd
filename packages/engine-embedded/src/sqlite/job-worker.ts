import type { Clock } from '@twite/core/clock';
import {
  type Backoff,
  backoffMs,
  definitionOf,
  type Job,
  type JobClass,
  jobQueueNameOf,
} from '@twite/core/jobs/job-catalogue';
import type { JobHandlers } from '@twite/core/jobs/job-queue';
import type { EngineObserver } from '@twite/core/measures/engine-observer';
import { processInSpans } from '@twite/core/process-in-spans';
import { inTraceOf } from '@twite/core/trace';
import type { SpanDescription } from '@twite/core/tracer';
import type { Log } from '../log.ts';
import {
  ATTEMPTS_MAX,
  describeError,
  loggedPayload,
  retryDelayMs,
  STORAGE_FULL_DELAY_MS,
} from './attempts.ts';
import type { ConsumingParts } from './event-consumer.ts';
import { JobLane, type JobRow } from './job-lane.ts';
import { describeProcessing } from './spans.ts';
import type { Store } from './store.ts';
import { WakeSignal } from './wake-signal.ts';
import { isStorageFull } from './writer.ts';

/** Concurrent jobs of one class. */
const CONCURRENCY = 4;
/** The longest sleep until a job becomes due: the wall clock may change meanwhile. */
const SLEEP_MS_MAX = 60_000;

interface WorkingLane {
  readonly jobs: JobLane;
  readonly span: SpanDescription;
  readonly underWay: Set<Promise<void>>;
  /** Jobs that wait in memory for a retry. */
  readonly retried: Set<number>;
}

/**
 * Runs jobs in order of arrival, a few of each class at a time. A failed job does not block the queue: it waits briefly
 * in memory or, if it has a backoff, until its next time in the database.
 */
export class JobWorker {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #observe: EngineObserver;
  readonly #handlers: Partial<JobHandlers>;
  readonly #lanes: readonly WorkingLane[];
  readonly #signal = new WakeSignal();
  /** Pending writes about jobs that are done or failed. */
  readonly #finishing = new Set<Promise<void>>();
  readonly #retries = new Set<NodeJS.Timeout>();
  #waiting: (() => void)[] = [];
  #stopped = false;
  #running: Promise<void> = Promise.resolve();

  constructor(
    { store, clock, log, observe }: ConsumingParts,
    classes: readonly JobClass[],
    handlers: Partial<JobHandlers>,
  ) {
    this.#store = store;
    this.#clock = clock;
    this.#log = log;
    this.#observe = observe;
    this.#handlers = handlers;
    this.#lanes = classes.map((jobClass) => ({
      jobs: new JobLane(jobClass, store.read),
      span: describeProcessing(jobQueueNameOf(jobClass)),
      underWay: new Set(),
      retried: new Set(),
    }));
  }

  start(): void {
    this.#running = this.#run();
  }

  wake(): void {
    this.#signal.wake();
  }

  /** The number of jobs of a class that were started and are not finished, including those that wait for a retry. */
  underWay(jobClass: JobClass): number {
    const lane = this.#lanes.find(({ jobs }) => jobs.jobClass === jobClass);
    return lane === undefined ? 0 : lane.underWay.size + lane.retried.size;
  }

  /** Resolves when every due job was done or parked, and that is written; or the worker stopped. */
  drained(): Promise<void> {
    if (this.#stopped || this.#isDrained()) return Promise.resolve();
    this.#signal.wake();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Waits for the running jobs. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#signal.wake();
    await this.#running;
    await Promise.all(this.#lanes.flatMap(({ underWay }) => [...underWay]));
    for (const timer of this.#retries) clearTimeout(timer);
    this.#retries.clear();
    await Promise.all(this.#finishing);
    this.#tellWaiting();
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      let sleepMs: number | undefined;
      try {
        this.#startDue();
        if (this.#isDrained()) this.#tellWaiting();
        sleepMs = this.#untilNextMs();
      } catch (error) {
        this.#log({ level: 'error', msg: 'job queue not read', err: error });
        await this.#signal.wait(1_000);
      }
      if (!this.#stopped) await this.#signal.wait(sleepMs);
    }
  }

  #startDue(): void {
    const newestId = this.#newestId();
    for (const lane of this.#lanes) {
      while (!this.#stopped && lane.underWay.size < CONCURRENCY) {
        const row = lane.jobs.next(newestId, Date.now());
        if (row === undefined) break;
        const doing = inTraceOf([row.trace], () => this.#do(lane, row)).finally(() => {
          lane.underWay.delete(doing);
          this.#signal.wake();
        });
        lane.underWay.add(doing);
      }
    }
  }

  #newestId(): number {
    const found = this.#store.read.get<{ jobId: number | null }>('SELECT max(job_id) AS jobId FROM jobs');
    return found?.jobId ?? 0;
  }

  /** Undefined: until it is woken, for example when a job of a full lane ends. */
  #untilNextMs(): number | undefined {
    const free = this.#lanes.filter(({ underWay }) => underWay.size < CONCURRENCY);
    const times = free.flatMap(({ jobs }) => jobs.nextRunAt ?? []);
    if (times.length === 0) return undefined;
    return Math.min(SLEEP_MS_MAX, Math.max(0, Math.min(...times) - Date.now()));
  }

  #isDrained(): boolean {
    if (this.#retries.size > 0 || this.#finishing.size > 0) return false;
    const newestId = this.#newestId();
    return this.#lanes.every(
      ({ jobs, underWay }) => underWay.size === 0 && !jobs.hasNext(newestId, Date.now()),
    );
  }

  #tellWaiting(): void {
    for (const resolve of this.#waiting) resolve();
    this.#waiting = [];
  }

  async #do(lane: WorkingLane, row: JobRow): Promise<void> {
    const queue = jobQueueNameOf(lane.jobs.jobClass);
    // A job that is retried in memory was already delivered.
    if (row.since !== null && !lane.retried.delete(row.jobId))
      this.#observe.delivered(queue, Math.max(0, Date.now() - row.since) / 1_000);
    const startMs = performance.now();
    try {
      const job = JSON.parse(row.payload) as Job;
      // Its name and its handler's name are equal, which the type of a lookup cannot express.
      const handle = this.#handlers[job.name] as ((job: Job) => Promise<void>) | undefined;
      if (handle === undefined) throw new Error(`no handler for the job ${job.name}`);
      const { trace } = row;
      await processInSpans(lane.span, [{ subject: job, traceparent: trace ?? undefined }], () => handle(job));
      this.#observe.handled(queue, (performance.now() - startMs) / 1_000, 1);
      this.#finish(lane, row, () => this.#store.writer.run('finishJob', { jobId: row.jobId }));
    } catch (error) {
      // A full disk is not the fault of a job: wait for space.
      if (isStorageFull(error)) this.#retryIn(lane, row, STORAGE_FULL_DELAY_MS);
      else this.#failed(lane, { ...row, attempts: row.attempts + 1 }, error);
    }
  }

  #retryIn(lane: WorkingLane, row: JobRow, delayMs: number): void {
    if (this.#stopped) return;
    lane.retried.add(row.jobId);
    const timer = setTimeout(() => {
      this.#retries.delete(timer);
      lane.jobs.putBack(row);
      this.#signal.wake();
    }, delayMs);
    this.#retries.add(timer);
  }

  #failed(lane: WorkingLane, row: JobRow, error: unknown): void {
    const { jobId, payload, attempts } = row;
    const { writer } = this.#store;
    const queue = jobQueueNameOf(lane.jobs.jobClass);
    if (attempts >= ATTEMPTS_MAX) {
      this.#observe.parked(queue);
      this.#log({ level: 'error', msg: 'job parked', jobId, ...loggedPayload(payload), err: error });
      const parked = { jobId, error: describeError(error), parkedAt: this.#clock.now() };
      this.#finish(lane, row, () => writer.run('parkJob', parked));
      return;
    }
    this.#observe.retried(queue);
    this.#log({ level: 'warn', msg: 'job failed', jobId, ...loggedPayload(payload), attempts, err: error });
    const backoff = backoffOf(row);
    if (backoff === null) {
      this.#retryIn(lane, row, retryDelayMs(attempts));
      this.#inBackground(writer.run('countJobAttempt', { jobId, attempts }));
      return;
    }
    const runAt = Date.now() + backoffMs(backoff, attempts);
    this.#finish(lane, row, () => writer.run('postponeJob', { jobId, attempts, runAt }));
  }

  /**
   * Writes the outcome of a job, and returns it to its lane. At least once: if the write fails, the job only runs again
   * after the next start; or soon, if only space was missing.
   */
  #finish(lane: WorkingLane, row: JobRow, write: () => Promise<unknown>): void {
    const written = write().then(
      () => lane.jobs.release(row.jobId),
      (error: unknown) => {
        if (!isStorageFull(error)) throw error;
        this.#retryIn(lane, row, STORAGE_FULL_DELAY_MS);
      },
    );
    this.#inBackground(written);
  }

  #inBackground(write: Promise<unknown>): void {
    const finishing = write
      .catch((error) => this.#log({ level: 'warn', msg: 'job result not saved', err: error }))
      .then(() => {
        this.#finishing.delete(finishing);
        this.#signal.wake();
      });
    this.#finishing.add(finishing);
  }
}

/** The backoff of a failed job; null if it is retried at once. */
function backoffOf({ backoff, payload }: JobRow): Backoff | null {
  if (backoff !== null) return JSON.parse(backoff) as Backoff;
  return definitionOf(nameIn(payload))?.backoff ?? null;
}

function nameIn(payload: string): unknown {
  try {
    return (JSON.parse(payload) as { name?: unknown } | null)?.name;
  } catch {
    return undefined;
  }
}
