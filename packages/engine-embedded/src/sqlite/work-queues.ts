import type { DomainEvent } from '@twite/core/events/domain-event';
import { type ConsumerName, consumerNames } from '@twite/core/events/event-stream';
import { invalidCursor } from '@twite/core/invalid-cursor';
import {
  type Job,
  type JobClass,
  jobClasses,
  jobClassOfQueue,
  jobQueueNameOf,
} from '@twite/core/jobs/job-catalogue';
import type { PageAfter } from '@twite/core/keyset';
import type { ParkedMessage, ParkedSelection, QueueState, WorkQueues } from '@twite/core/queues/work-queues';
import type { SqliteEventStream } from './event-stream.ts';
import type { SqliteJobQueue } from './job-queue.ts';
import type { Store } from './store.ts';

interface Waiting {
  readonly waiting: number;
  /** Of the oldest message with a time. */
  readonly at: number | null;
}

interface ParkedRow {
  readonly number: number;
  readonly payload: string;
  readonly error: string;
  readonly parkedAt: number;
}

/** The id of a message: its number in the log or the queue, padded to the length of an id so that it sorts as text. */
const messageIdOf = (number: number): string => String(number).padStart(19, '0');
const numberOf = (messageId: string): number | undefined =>
  /^[0-9]{19}$/.test(messageId) ? Number(messageId) : undefined;

const numbersOf = (which: ParkedSelection): string | null =>
  which === 'all' ? null : JSON.stringify(which.flatMap((messageId) => numberOf(messageId) ?? []));

const isConsumer = (queue: string): queue is ConsumerName =>
  (consumerNames as readonly string[]).includes(queue);

function readPayload(payload: string): ParkedMessage['payload'] {
  try {
    return JSON.parse(payload) as DomainEvent | Job;
  } catch {
    return { unreadable: payload };
  }
}

/** A consumer's queue consists of the events after its position. Parked messages are separate rows. */
export class SqliteWorkQueues implements WorkQueues {
  readonly #store: Store;
  readonly #events: Pick<SqliteEventStream, 'placeOf' | 'isConsumed' | 'underWay'>;
  readonly #jobs: Pick<SqliteJobQueue, 'isConsumed' | 'underWay'>;

  constructor(
    store: Store,
    events: Pick<SqliteEventStream, 'placeOf' | 'isConsumed' | 'underWay'>,
    jobs: Pick<SqliteJobQueue, 'isConsumed' | 'underWay'>,
  ) {
    this.#store = store;
    this.#events = events;
    this.#jobs = jobs;
  }

  async list(): Promise<readonly QueueState[]> {
    return [
      ...consumerNames.map((consumer) => this.#stateOfConsumer(consumer)),
      ...jobClasses.map((jobClass) => this.#stateOfJobs(jobClass)),
    ];
  }

  async listParked(
    queue: string,
    { after, limit }: PageAfter,
  ): Promise<readonly ParkedMessage[] | undefined> {
    const jobClass = jobClassOfQueue(queue);
    if (!isConsumer(queue) && jobClass === undefined) return undefined;
    const above = after === undefined ? -1 : numberOf(after);
    if (above === undefined) throw invalidCursor();
    const rows =
      jobClass === undefined
        ? this.#parkedEvents(queue, above, limit)
        : this.#parkedJobs(jobClass, above, limit);
    return rows.map(({ number, payload, error, parkedAt }) => ({
      messageId: messageIdOf(number),
      queue,
      payload: readPayload(payload),
      error,
      parkedAt,
    }));
  }

  async replayParked(queue: string, which: ParkedSelection): Promise<number> {
    const { writer } = this.#store;
    const numbers = numbersOf(which);
    if (isConsumer(queue)) return writer.run('replayParkedEvents', { consumer: queue, numbers });
    const jobClass = jobClassOfQueue(queue);
    return jobClass === undefined ? 0 : writer.run('replayParkedJobs', { jobClass, numbers });
  }

  async dropParked(queue: string, which: ParkedSelection): Promise<number> {
    const { writer } = this.#store;
    const numbers = numbersOf(which);
    if (isConsumer(queue)) return writer.run('dropParkedEvents', { consumer: queue, numbers });
    const jobClass = jobClassOfQueue(queue);
    return jobClass === undefined ? 0 : writer.run('dropParkedJobs', { jobClass, numbers });
  }

  #stateOfConsumer(consumer: ConsumerName): QueueState {
    const waiting = this.#store.read.get<Waiting>(
      `SELECT count(*) AS waiting, min(at) AS at FROM events
       WHERE seq > ? AND (consumer IS NULL OR consumer = ?)`,
      this.#events.placeOf(consumer),
      consumer,
    );
    const parked = this.#store.read.get<{ count: number }>(
      'SELECT count(*) AS count FROM parked_events WHERE consumer = ?',
      consumer,
    );
    return stateOf(
      {
        queue: consumer,
        isConsumed: this.#events.isConsumed(consumer),
        underWay: this.#events.underWay(consumer),
      },
      waiting,
      parked,
    );
  }

  /** Jobs that are not due yet do not count as waiting. */
  #stateOfJobs(jobClass: JobClass): QueueState {
    const { read } = this.#store;
    const waiting = read.get<Waiting>(
      `SELECT count(*) AS waiting, min(coalesce(run_at, at)) AS at FROM jobs
       WHERE class = ? AND (run_at IS NULL OR run_at <= ?)`,
      jobClass,
      Date.now(),
    );
    const parked = read.get<{ count: number }>(
      'SELECT count(*) AS count FROM parked_jobs WHERE class = ?',
      jobClass,
    );
    return stateOf(
      {
        queue: jobQueueNameOf(jobClass),
        isConsumed: this.#jobs.isConsumed(jobClass),
        underWay: this.#jobs.underWay(jobClass),
      },
      waiting,
      parked,
    );
  }

  #parkedEvents(consumer: string, above: number, limit: number): readonly ParkedRow[] {
    return this.#store.read.all<ParkedRow>(
      `SELECT seq AS number, payload, error, parked_at AS parkedAt FROM parked_events
       WHERE consumer = ? AND seq > ? ORDER BY seq LIMIT ?`,
      consumer,
      above,
      limit,
    );
  }

  #parkedJobs(jobClass: JobClass, above: number, limit: number): readonly ParkedRow[] {
    return this.#store.read.all<ParkedRow>(
      `SELECT job_id AS number, payload, error, parked_at AS parkedAt FROM parked_jobs
       WHERE class = ? AND job_id > ? ORDER BY job_id LIMIT ?`,
      jobClass,
      above,
      limit,
    );
  }
}

function stateOf(
  consumed: { readonly queue: string; readonly isConsumed: boolean; readonly underWay: number },
  { waiting, at }: Waiting = { waiting: 0, at: null },
  { count: parked }: { count: number } = { count: 0 },
): QueueState {
  const { queue, isConsumed, underWay } = consumed;
  const oldestMs = at === null ? null : Math.max(0, Date.now() - at);
  // Finished jobs keep their row until that is written.
  const inFlight = Math.min(waiting, underWay);
  return { queue, workers: isConsumed ? 1 : 0, waiting, inFlight, oldestMs, parked };
}
