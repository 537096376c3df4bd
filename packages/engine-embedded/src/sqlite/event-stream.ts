import type { EventFor } from '@twite/core/events/domain-event';
import type { ConsumerName, EventHandler, EventStream } from '@twite/core/events/event-stream';
import { type ConsumingParts, EventConsumer } from './event-consumer.ts';

/**
 * Events are rows of the database, appended together with the change they describe. A consumer is a durable position
 * among them.
 */
export class SqliteEventStream implements EventStream {
  readonly #parts: ConsumingParts;
  readonly #consumers = new Map<ConsumerName, EventConsumer>();

  constructor(parts: ConsumingParts) {
    this.#parts = parts;
  }

  async consume<C extends ConsumerName>(name: C, handle: EventHandler<C>): Promise<AsyncDisposable> {
    if (this.#consumers.has(name)) throw new Error(`the consumer ${name} runs already in this process`);
    const consumer = new EventConsumer(this.#parts, name, (events) =>
      // The consumer passes only events for this name.
      handle(events as readonly EventFor<C>[]),
    );
    this.#consumers.set(name, consumer);
    consumer.start();
    return {
      [Symbol.asyncDispose]: async () => {
        await consumer.stop();
        if (this.#consumers.get(name) === consumer) this.#consumers.delete(name);
      },
    };
  }

  /** Must be called after every commit that may have appended events. */
  wake(): void {
    for (const consumer of this.#consumers.values()) consumer.wake();
  }

  isConsumed(name: ConsumerName): boolean {
    return this.#consumers.has(name);
  }

  /** The number of events that the consumer is handling. */
  underWay(name: ConsumerName): number {
    return this.#consumers.get(name)?.underWay ?? 0;
  }

  /** The position of the newest event. */
  head(): number {
    const row = this.#parts.store.read.get<{ seq: number }>(
      `SELECT seq FROM sqlite_sequence WHERE name = 'events'`,
    );
    return row?.seq ?? 0;
  }

  /** The position of the last event that a consumer handled, as far as it is known here. */
  placeOf(name: ConsumerName): number {
    const running = this.#consumers.get(name);
    if (running !== undefined) return running.seq;
    const row = this.#parts.store.read.get<{ seq: number }>(
      'SELECT seq FROM consumers WHERE consumer = ?',
      name,
    );
    return row?.seq ?? 0;
  }

  /** Resolves when every running consumer has reached the position. */
  async reached(seq: number): Promise<void> {
    await Promise.all([...this.#consumers.values()].map((consumer) => consumer.reached(seq)));
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#consumers.values()].map((consumer) => consumer.stop()));
    this.#consumers.clear();
  }
}
