import type { ConsumerName, EventHandler, EventStream } from '@twite/core/events/event-stream';
import { type Consuming, consumeDeliveries } from './deliveries.ts';
import type { Delivery } from './inbound.ts';
import { type EventMessage, readEventMessage } from './messages.ts';
import type { Names, OwnConsumerName } from './topology.ts';

/** An event and what is known of its delivery. */
export type EventEnvelope = EventMessage & { readonly traceparent: string | undefined };

export type EnvelopeHandler = (envelopes: readonly EventEnvelope[]) => Promise<void>;

// Throughput rises most from 20 to 200; beyond that, more messages are redelivered after a crash.
const PREFETCH = 200;
const BATCH_MAX = 100;
/** All consumers but fan-out can wait this long: a batch costs the stores little more than a single event. */
const GATHER_MS = 200;

/** Events from the queue of each consumer, which the change relay fills. */
export class RabbitEventStream implements EventStream {
  readonly #consuming: Consuming;
  readonly #names: Names;

  constructor(consuming: Consuming, names: Names) {
    this.#consuming = consuming;
    this.#names = names;
  }

  consume(consumer: ConsumerName, handle: EventHandler): Promise<AsyncDisposable> {
    return this.consumeEnvelopes(consumer, (envelopes) => handle(envelopes.map(({ event }) => event)));
  }

  /** For consumers that need more than the event. */
  consumeEnvelopes(
    consumer: ConsumerName | OwnConsumerName,
    handle: EnvelopeHandler,
  ): Promise<AsyncDisposable> {
    return consumeDeliveries<EventMessage>(this.#consuming, {
      queue: this.#names.queueOf(consumer),
      workQueue: consumer,
      prefetch: PREFETCH,
      concurrency: 1,
      batchMax: BATCH_MAX,
      gatherMs: consumer === 'fanOut' ? 0 : GATHER_MS,
      read: ({ body }) => readEventMessage(body),
      payloadOf: ({ event }) => event,
      subjectOf: ({ event }) => event,
      handle: (deliveries) => handle(deliveries.map(envelopeOf)),
    });
  }
}

const envelopeOf = ({ message, traceparent }: Delivery<EventMessage>): EventEnvelope => ({
  ...message,
  traceparent,
});
