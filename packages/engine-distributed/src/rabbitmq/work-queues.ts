import { type JobClass, jobClassOfQueue, jobQueueNames } from '@twite/core/jobs/job-catalogue';
import type { EngineObserver } from '@twite/core/measures/engine-observer';
import type { ParkedMessage, ParkedSelection, QueueState, WorkQueues } from '@twite/core/queues/work-queues';
import { Unavailable } from '@twite/core/unavailable';
import { inTime } from '../in-time.ts';
import type { ParkedChanges } from '../relay/parked-changes.ts';
import type { Rabbit } from './connection.ts';
import { writeEvent, writeJob } from './messages.ts';
import { OldestWaiting } from './oldest-waiting.ts';
import type { ParkedMessages } from './parked.ts';
import type { ProgressReport, QueueProgress } from './progress-report.ts';
import type { Publisher } from './publisher.ts';
import type { Overdue, ScheduledJobs } from './scheduled.ts';
import { countReady, eventQueueNames, type Names, relayQueue, unclassedJobs } from './topology.ts';

/** The queues of the broker, with the relay before the jobs. */
const queueNames: readonly string[] = [...eventQueueNames, relayQueue, ...jobQueueNames, unclassedJobs];

const PAGE = 100;
/** A broker that hangs must not delay the status or metrics. */
const LIST_MS_MAX = 2_000;

const idle: QueueProgress = { workers: 0, underWay: 0, oldestAt: null };

export interface WorkQueuesParts {
  readonly rabbit: Rabbit;
  readonly names: Names;
  readonly publisher: Publisher;
  readonly parked: ParkedMessages;
  readonly changes: ParkedChanges;
  readonly scheduled: Pick<ScheduledJobs, 'overdue'>;
  readonly progress: Pick<ProgressReport, 'read'>;
  readonly observe: EngineObserver;
}

/** Changes that wait for the relay are in MongoDB: the relay's lag measures them. */
const stateOfRelay = (parked: number, isLed: boolean): QueueState => ({
  queue: relayQueue,
  workers: isLed ? 1 : 0,
  waiting: 0,
  inFlight: 0,
  oldestMs: null,
  parked,
});

/** The queues of the broker and their parked messages. */
export class RabbitWorkQueues implements WorkQueues {
  readonly #parts: WorkQueuesParts;
  readonly #oldest = new OldestWaiting();

  constructor(parts: WorkQueuesParts) {
    this.#parts = parts;
  }

  async list(): Promise<readonly QueueState[]> {
    const [parked, progress, overdue, isLed] = await Promise.all([
      this.#parts.parked.count(),
      this.#parts.progress.read(),
      this.#parts.scheduled.overdue(),
      this.#parts.changes.isLed(),
    ]);
    const overdueOf = (queue: string) => overdue.get(jobClassOfQueue(queue) as JobClass);
    return inTime(
      Promise.all(
        queueNames.map((queue) =>
          queue === relayQueue
            ? stateOfRelay(parked.get(queue) ?? 0, isLed)
            : this.#stateOf(queue, progress.get(queue), overdueOf(queue), parked.get(queue) ?? 0),
        ),
      ),
      LIST_MS_MAX,
      () => new Unavailable('rabbitmq'),
    );
  }

  async listParked(
    queue: string,
    page: { readonly after?: string | undefined; readonly limit: number },
  ): Promise<readonly ParkedMessage[] | undefined> {
    if (!queueNames.includes(queue)) return undefined;
    return this.#parts.parked.find(queue, 'all', page.limit, page.after);
  }

  async replayParked(queue: string, which: ParkedSelection): Promise<number> {
    if (!queueNames.includes(queue)) return 0;
    const { parked } = this.#parts;
    // Messages that fail again meanwhile are parked again behind these: only those that exist now are replayed.
    const there = which === 'all' ? ((await parked.count()).get(queue) ?? 0) : new Set(which).size;
    let replayed = 0;
    for (let left = there, after = ''; left > 0; ) {
      const page = await parked.find(queue, which, Math.min(PAGE, left), after);
      if (page.length === 0) break;
      replayed += await (queue === relayQueue ? this.#replayChanges(page) : this.#replay(queue, page));
      left -= page.length;
      after = page.at(-1)?.messageId ?? after;
    }
    return replayed;
  }

  async dropParked(queue: string, which: ParkedSelection): Promise<number> {
    return queueNames.includes(queue) ? this.#parts.parked.remove(queue, which) : 0;
  }

  async #stateOf(
    queue: string,
    progress: QueueProgress | undefined,
    overdue: Overdue | undefined,
    parked: number,
  ): Promise<QueueState> {
    const { rabbit, names } = this.#parts;
    const ready = await countReady(rabbit.consuming, names.queueOf(queue)).catch((error: unknown) => {
      throw new Unavailable('rabbitmq', error);
    });
    const { workers, underWay, oldestAt } = progress ?? idle;
    const inBroker = (ready ?? 0) + underWay;
    const now = Date.now();
    const since = this.#oldest.since(
      queue,
      { inBroker, oldestAt, overdueSince: overdue?.since ?? null },
      now,
    );
    return {
      queue,
      workers,
      waiting: inBroker + (overdue?.count ?? 0),
      inFlight: underWay,
      oldestMs: since === null ? null : Math.max(0, now - since),
      parked,
    };
  }

  /** Removed after the broker has them: a crash in between only means that they are handled twice. */
  async #replay(queue: string, messages: readonly ParkedMessage[]): Promise<number> {
    const { publisher, names, parked, observe } = this.#parts;
    const publish = async ({ payload, parkedAt }: ParkedMessage) => {
      const body = bodyOf(payload, parkedAt);
      await publisher.publish({ exchange: '', routingKey: names.queueOf(queue), body, at: Date.now() });
      observe.published('replay');
    };
    await Promise.all(messages.map(publish));
    await parked.remove(
      queue,
      messages.map(({ messageId }) => messageId),
    );
    return messages.length;
  }

  /** Publishes the current state of their documents. Changes that still cannot be read stay parked. */
  async #replayChanges(messages: readonly ParkedMessage[]): Promise<number> {
    const { publisher, names, parked, observe, changes } = this.#parts;
    const read: string[] = [];
    for (const { messageId, payload } of messages) {
      const events = 'unreadable' in payload ? await changes.readAgain(payload.unreadable) : undefined;
      if (events === undefined) continue;
      for (const event of events) {
        const at = Date.now();
        const body = writeEvent({ event, at, snapshot: false });
        await publisher.publish({ exchange: names.events, routingKey: event.type, body, at });
        observe.published('replay');
      }
      read.push(messageId);
    }
    return parked.remove(relayQueue, read);
  }
}

/** An unreadable message is sent unchanged: this process may be newer than the one that could not read it. */
function bodyOf(payload: ParkedMessage['payload'], parkedAt: number): Buffer {
  if ('unreadable' in payload) return Buffer.from(payload.unreadable);
  if ('name' in payload) return writeJob({ job: payload, failures: 0, backoff: null });
  return writeEvent({ event: payload, at: parkedAt, snapshot: false });
}
