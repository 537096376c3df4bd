import type { Job, JobHandlers, JobQueue } from '@twite/core/jobs/job-queue';
import { currentTrace, withTrace } from '@twite/core/trace';
import { hit } from '../failpoints.ts';
import { type Consuming, consumeDeliveries } from './deliveries.ts';
import { readJobMessage, writeJob } from './messages.ts';
import type { Publisher } from './publisher.ts';
import type { Names } from './topology.ts';

const CONCURRENCY = 8;
const PREFETCH = 16;

/** One queue of jobs, which workers compete for. */
export class RabbitJobQueue implements JobQueue {
  readonly #consuming: Consuming;
  readonly #names: Names;
  readonly #publisher: Publisher;
  readonly #concurrency: number;

  constructor(
    consuming: Consuming,
    names: Names,
    { publisher, concurrency = CONCURRENCY }: { publisher: Publisher; concurrency?: number | undefined },
  ) {
    this.#consuming = consuming;
    this.#names = names;
    this.#publisher = publisher;
    this.#concurrency = concurrency;
  }

  async enqueue(jobs: readonly Job[]): Promise<void> {
    const at = Date.now();
    const traceparent = currentTrace();
    const publish = async (job: Job) => {
      const body = writeJob(job);
      await this.#publisher.publish({
        exchange: this.#names.jobs,
        routingKey: 'job',
        body,
        at,
        traceparent,
      });
      this.#consuming.observe.published('job');
    };
    await Promise.all(jobs.map(publish));
    hit('jobs.afterEnqueue');
  }

  consume(handlers: JobHandlers): Promise<AsyncDisposable> {
    return consumeDeliveries<Job>(this.#consuming, {
      queue: this.#names.queueOf('jobs'),
      workQueue: 'jobs',
      prefetch: Math.max(PREFETCH, 2 * this.#concurrency),
      concurrency: this.#concurrency,
      batchMax: 1,
      read: ({ body }) => readJobMessage(body),
      payloadOf: (job) => job,
      handle: async (deliveries) => {
        for (const { message: job, traceparent } of deliveries) {
          // Its name and its handler's are the same, which the type of a lookup cannot say.
          const handle = handlers[job.name] as (job: Job) => Promise<void>;
          await (traceparent === undefined ? handle(job) : withTrace(traceparent, () => handle(job)));
        }
      },
    });
  }
}
