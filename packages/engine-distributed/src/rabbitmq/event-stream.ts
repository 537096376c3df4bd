import type { DomainEvent, EventFor, EventOf } from '@twite/core/events/domain-event';
import type { ConsumerName, EventHandler, EventStream } from '@twite/core/events/event-stream';
import type { OwnEventTypeFor } from '../mongodb/event-origins.ts';
import type { OwnConsumerName } from '../own-consumer-names.ts';
import { type Consuming, consumeDeliveries } from './deliveries.ts';
import type { Delivery } from './inbound.ts';
import { type EventMessage, readEventMessage } from './messages.ts';
import { eventTypesFor, type Names } from './topology.ts';

/** An event and what is known of its delivery. */
export type EventEnvelope<E extends DomainEvent = DomainEvent> = EventMessage & {
  readonly event: E;
  readonly traceparent: string | undefined;
};

type HandledBy<C extends ConsumerName | OwnConsumerName> = C extends ConsumerName
  ? EventFor<C>
  : C extends OwnConsumerName
    ? EventOf<OwnEventTypeFor<C>>
    : never;

export type EnvelopeHandler<C extends ConsumerName | OwnConsumerName> = (
  envelopes: readonly EventEnvelope<HandledBy<C>>[],
) => Promise<void>;

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

  consume<C extends ConsumerName>(consumer: C, handle: EventHandler<C>): Promise<AsyncDisposable> {
    return this.consumeEnvelopes<ConsumerName>(consumer, (envelopes) =>
      handle(envelopes.map(({ event }) => event as EventFor<C>)),
    );
  }

  /** For consumers that need more than the event. */
  consumeEnvelopes<C extends ConsumerName | OwnConsumerName>(
    consumer: C,
    handle: EnvelopeHandler<C>,
  ): Promise<AsyncDisposable> {
    // Queues of an older release received every event, and replays may contain any.
    const handled: ReadonlySet<string> = new Set(eventTypesFor(consumer));
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
      handle: async (deliveries) => {
        const mine = deliveries.filter(({ message }) => handled.has(message.event.type));
        if (mine.length > 0)
          await handle(mine.map(envelopeOf) as unknown as Parameters<EnvelopeHandler<C>>[0]);
      },
    });
  }
}

const envelopeOf = ({ message, traceparent }: Delivery<EventMessage>): EventEnvelope => ({
  ...message,
  traceparent,
});
