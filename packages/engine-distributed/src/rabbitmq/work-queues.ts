import type { ParkedMessage, ParkedSelection, QueueState, WorkQueues } from '@twite/core/queues/work-queues';
import { Unavailable } from '@twite/core/unavailable';
import type { Rabbit } from './connection.ts';
import { writeEvent, writeJob } from './messages.ts';
import type { Observe } from './observe.ts';
import type { ParkedMessages } from './parked.ts';
import type { Progress } from './progress.ts';
import type { Publisher } from './publisher.ts';
import { countReady, type Names, workQueueNames } from './topology.ts';

const PAGE = 100;

export interface WorkQueuesParts {
  readonly rabbit: Rabbit;
  readonly names: Names;
  readonly publisher: Publisher;
  readonly parked: ParkedMessages;
  readonly progress: Progress;
  readonly observe: Observe;
}

/** The queues of the broker, and what was parked of them. */
export class RabbitWorkQueues implements WorkQueues {
  readonly #parts: WorkQueuesParts;

  constructor(parts: WorkQueuesParts) {
    this.#parts = parts;
  }

  /** What other processes are at is not known here: `waiting` has what nobody took, and what this process took. */
  list(): Promise<readonly QueueState[]> {
    return Promise.all(workQueueNames.map((queue) => this.#stateOf(queue)));
  }

  async listParked(
    queue: string,
    page: { readonly after?: string | undefined; readonly limit: number },
  ): Promise<readonly ParkedMessage[] | undefined> {
    return workQueueNames.includes(queue) ? this.#parts.parked.list(queue, page) : undefined;
  }

  async replayParked(queue: string, which: ParkedSelection): Promise<number> {
    if (!workQueueNames.includes(queue)) return 0;
    const { parked } = this.#parts;
    if (which !== 'all') return this.#replay(queue, await parked.find(queue, which));
    let replayed = 0;
    let after: string | undefined;
    // What fails again meanwhile is parked again: only those that were there are replayed.
    for (let left = await parked.count(queue); left > 0; ) {
      const page = await parked.list(queue, { after, limit: Math.min(PAGE, left) });
      if (page.length === 0) break;
      replayed += await this.#replay(queue, page);
      after = page.at(-1)?.messageId;
      left -= page.length;
    }
    return replayed;
  }

  async dropParked(queue: string, which: ParkedSelection): Promise<number> {
    return workQueueNames.includes(queue) ? this.#parts.parked.remove(queue, which) : 0;
  }

  async #stateOf(queue: string): Promise<QueueState> {
    const { rabbit, names, parked, progress } = this.#parts;
    const [ready, parkedCount] = await Promise.all([
      countReady(rabbit.consuming, names.queueOf(queue)).catch((error: unknown) => {
        throw new Unavailable('rabbitmq', error);
      }),
      parked.count(queue),
    ]);
    const oldestAt = progress.oldestAt(queue);
    return {
      queue,
      waiting: (ready ?? 0) + progress.underWay(queue),
      oldestMs: oldestAt === null ? null : Math.max(0, Date.now() - oldestAt),
      parked: parkedCount,
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
    if (messages.length > 0)
      await parked.remove(
        queue,
        messages.map(({ messageId }) => messageId),
      );
    return messages.length;
  }
}

/** What could not be read goes as it came: this process may be newer than the one that could not. */
function bodyOf(payload: ParkedMessage['payload'], parkedAt: number): Buffer {
  if ('unreadable' in payload) return Buffer.from(payload.unreadable);
  if ('name' in payload) return writeJob(payload);
  return writeEvent({ event: payload, at: parkedAt, snapshot: false });
}
