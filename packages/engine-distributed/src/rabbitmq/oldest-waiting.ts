/** What is known of a queue at one moment. */
export interface QueueSight {
  /** Messages in the broker, those included that consumers hold. */
  readonly inBroker: number;
  /** When the oldest message happened that consumers hold; null: they hold none, or it does not say. */
  readonly oldestAt: number | null;
  /** Since when a job is due that is not in the broker yet. */
  readonly overdueSince: number | null;
}

/**
 * Since when the oldest message of each queue has waited. The broker does not say, so every message carries the time of its
 * event. Consumers receive messages in order: while one runs, it holds the oldest message, and the time is exact. While none
 * runs, it is the last known time, or the time at which this process first saw a message wait: the true age is greater, by at
 * most the time between two checks.
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
