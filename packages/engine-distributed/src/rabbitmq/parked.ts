import type { ParkedMessage, ParkedSelection } from '@twite/core/queues/work-queues';

/** Where messages are parked that could not be handled or read. */
export interface ParkedMessages {
  /** Durable on a majority when it resolves; only then is the message acknowledged. */
  park(message: Pick<ParkedMessage, 'queue' | 'payload' | 'error'>): Promise<void>;
  /** The named messages of the queue, or all; oldest first, above the messageId `after`. */
  find(
    queue: string,
    which: ParkedSelection,
    limit: number,
    after?: string,
  ): Promise<readonly ParkedMessage[]>;
  /** The number of parked messages of each queue that has any. */
  count(): Promise<ReadonlyMap<string, number>>;
  /** Erases messages and returns how many there were. */
  remove(queue: string, which: ParkedSelection): Promise<number>;
}
