import type { DomainEvent } from './domain-event.ts';

/**
 * Who reads the events: each has its own place in the stream and gets every event at least once.
 * `fanOut` pushes posts to timelines, `searchIndex` keeps the index, `upkeep` cleans up behind changes.
 */
export const consumerNames = ['fanOut', 'searchIndex', 'upkeep'] as const;
export type ConsumerName = (typeof consumerNames)[number];

/**
 * Handles events in the order of the stream, as far as one process consumes it; several processes compete for the events of
 * a consumer. Events are redelivered after a crash: handlers are idempotent and correct in any order.
 */
export type EventHandler = (events: readonly DomainEvent[]) => Promise<void>;

/** Every durable change as an event, delivered at least once to each consumer, also after a crash in between. */
export interface EventStream {
  /**
   * Starts delivering to a consumer, in batches of at least one. A batch whose handler throws is retried event by event; an
   * event that fails five times is parked, and the others continue. Disposing waits for the current batch.
   */
  consume(consumer: ConsumerName, handle: EventHandler): Promise<AsyncDisposable>;
}
