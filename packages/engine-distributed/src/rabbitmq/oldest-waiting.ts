/** The known state of a queue at one moment. */
export interface QueueSight {
  /** Messages in the broker, including those that consumers hold. */
  readonly inBroker: number;
  /** The time of the oldest message that consumers hold; null: they hold none, or it has no time. */
  readonly oldestAt: number | null;
  /** Since when a job that is not yet in the broker has been due. */
  readonly overdueSince: number | null;
}

/**
 * Tracks how long the oldest message of each queue has waited. The broker does not report it, so every message carries
 * the time of its event. Consumers receive messages in order: while one runs, it holds the oldest message, and the time
 * is exact. While none runs, it is the last known time, or the time at which this process first saw a message wait: the
 * true age is greater, by at most the time between two checks.
 */
export class OldestWaiting {
  readonly #since = new Map<string, number>();

  since(queue: string, { inBroker, oldestAt, overdueSince }: QueueSight, now: number): number | null {
    if (inBroker === 0) {
      this.#since.delete(queue);
      return overdueSince;
    }
    const since = oldestAt ?? this.#since.get(queue) ?? now;
    this.#since.set(queue, since);
    return overdueSince === null ? since : Math.min(since, overdueSince);
  }
}
