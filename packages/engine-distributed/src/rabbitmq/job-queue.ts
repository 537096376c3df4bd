import {
  backoffMs,
  classOfJob,
  definitionOf,
  type Job,
  type JobClass,
  jobQueueNameOf,
} from '@twite/core/jobs/job-catalogue';
import type { EnqueueOptions, JobHandlers, JobQueue } from '@twite/core/jobs/job-queue';
import { currentTrace } from '@twite/core/trace';
import { hit } from '../failpoints.ts';
import { type Consuming, consumeDeliveries } from './deliveries.ts';
import { type DueJobsParts, watchDueJobs } from './due-jobs.ts';
import { readJobMessage, writeJob } from './messages.ts';
import type { JobMessage } from './scheduled.ts';
import { unclassedJobs } from './topology.ts';

/** The number of jobs of a class that one process runs concurrently. */
export type JobConcurrency = number | Readonly<Partial<Record<JobClass, number>>>;

const CONCURRENCY = 8;

type Handle = (job: Job) => Promise<void>;

/** One queue per job class, with competing workers. Jobs that are not due yet wait in MongoDB. */
export class RabbitJobQueue implements JobQueue {
  readonly #consuming: Consuming;
  readonly #parts: DueJobsParts;
  readonly #concurrency: JobConcurrency;

  constructor(consuming: Consuming, parts: DueJobsParts, concurrency: JobConcurrency = CONCURRENCY) {
    this.#consuming = consuming;
    this.#parts = parts;
    this.#concurrency = concurrency;
  }

  async enqueue(jobs: readonly Job[], { runAt, backoff }: EnqueueOptions = {}): Promise<void> {
    if (jobs.length === 0) return;
    const messages = jobs.map((job): JobMessage => ({ job, failures: 0, backoff: backoff ?? null }));
    const traceparent = currentTrace();
    if (runAt !== undefined && runAt > Date.now()) {
      await this.#parts.scheduled.add(
        messages.map((message) => ({ ...message, jobClass: classOfJob(message.job), runAt, traceparent })),
      );
    } else {
      await Promise.all(messages.map((message) => this.#publish(message, Date.now(), traceparent)));
    }
    hit('jobs.afterEnqueue');
  }

  async consume<C extends JobClass>(
    classes: readonly C[],
    handlers: JobHandlers<C>,
  ): Promise<AsyncDisposable> {
    const { running } = this.#consuming;
    const consumers = await Promise.all([
      ...classes.map((jobClass) => this.#consumeClass(jobClass, handlers as Partial<JobHandlers>)),
      this.#classUnclassed(),
    ]);
    const watch = watchDueJobs(this.#parts);
    running.add(watch);
    return {
      async [Symbol.asyncDispose]() {
        running.delete(watch);
        await Promise.all([watch, ...consumers].map((each) => each[Symbol.asyncDispose]()));
      },
    };
  }

  #consumeClass(jobClass: JobClass, handlers: Partial<JobHandlers>): Promise<AsyncDisposable> {
    const workQueue = jobQueueNameOf(jobClass);
    const concurrency = this.#concurrencyOf(jobClass);
    return consumeDeliveries<JobMessage>(this.#consuming, {
      queue: this.#parts.names.queueOf(workQueue),
      workQueue,
      // Only as many as are started at once: a job that waits here while others are idle would wait for the longest
      // one.
      prefetch: concurrency,
      concurrency,
      batchMax: 1,
      read: ({ body }) => readJobMessage(body),
      payloadOf: ({ job }) => job,
      failuresBefore: ({ failures }) => failures,
      handle: async (deliveries) => {
        for (const { message } of deliveries) {
          const { job } = message;
          // The job and its handler have the same name, which the type of a lookup cannot express.
          const handle = handlers[job.name] as Handle | undefined;
          if (handle === undefined) throw new Error(`no handler for the job ${job.name}`);
          await handle(job);
        }
      },
      postpone: async ({ message, traceparent }, failures) => {
        const backoff = message.backoff ?? definitionOf(message.job.name)?.backoff ?? null;
        if (backoff === null) return false;
        const runAt = Date.now() + backoffMs(backoff, failures);
        await this.#parts.scheduled.add([{ ...message, failures, jobClass, runAt, traceparent }]);
        return true;
      },
    });
  }

  /** Moves jobs that an older release enqueued to the queues of their classes. */
  #classUnclassed(): Promise<AsyncDisposable> {
    return consumeDeliveries<JobMessage>(this.#consuming, {
      queue: this.#parts.names.queueOf(unclassedJobs),
      workQueue: unclassedJobs,
      prefetch: CONCURRENCY,
      concurrency: CONCURRENCY,
      batchMax: 1,
      read: ({ body }) => readJobMessage(body),
      payloadOf: ({ job }) => job,
      handle: async (deliveries) => {
        for (const { message, at, traceparent } of deliveries) await this.#publish(message, at, traceparent);
      },
    });
  }

  async #publish(message: JobMessage, at: number | null, traceparent: string | undefined): Promise<void> {
    const { publisher, names, observe } = this.#parts;
    await publisher.publish({
      exchange: names.jobs,
      routingKey: classOfJob(message.job),
      body: writeJob(message),
      at,
      traceparent,
    });
    observe.published('job');
  }

  #concurrencyOf(jobClass: JobClass): number {
    if (typeof this.#concurrency === 'number') return this.#concurrency;
    return this.#concurrency[jobClass] ?? CONCURRENCY;
  }
}
