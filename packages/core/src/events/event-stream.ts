import type { EventFor } from './domain-event.ts';

/**
 * The consumers of events. Each has its own position in the stream and gets every event that the catalogue lists for it
 * at least once. `fanOut` pushes posts to timelines, `searchIndex` maintains the index, `upkeep` cleans up after
 * changes.
 */
export const consumerNames = ['fanOut', 'searchIndex', 'upkeep'] as const;
export type ConsumerName = (typeof consumerNames)[number];

/**
 * Handles events in stream order, as far as one process consumes it; several processes compete for the events of a
 * consumer. Events are redelivered after a crash, so handlers must be idempotent and correct in any order.
 */
export type EventHandler<C extends ConsumerName = ConsumerName> = (
  events: readonly EventFor<C>[],
) => Promise<void>;

/** Delivers every durable change as an event, at least once to each consumer, even across crashes. */
export interface EventStream {
  /**
   * Starts delivery to a consumer, in batches of at least one event. If a handler throws, the batch is retried event by
   * event. An event that fails five times is parked (dead-lettered), and the others continue. Disposing waits for the
   * current batch.
   */
  consume<C extends ConsumerName>(consumer: C, handle: EventHandler<C>): Promise<AsyncDisposable>;
}

/** The handler of each consumer. */
export type EventHandlers = { readonly [C in ConsumerName]: EventHandler<C> };
