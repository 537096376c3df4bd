import type { ParkedMessage, ParkedSelection } from '@twite/core/queues/work-queues';

/** Where messages are put aside that could not be handled, or not be read. */
export interface ParkedMessages {
  /** Kept by a majority when it resolves; only then is the message acknowledged. */
  park(message: Pick<ParkedMessage, 'queue' | 'payload' | 'error'>): Promise<void>;
  /** Those of the queue that are named, or all; oldest first, above the messageId `after`. */
  find(
    queue: string,
    which: ParkedSelection,
    limit: number,
    after?: string,
  ): Promise<readonly ParkedMessage[]>;
  /** How many there are of each queue that has any. */
  count(): Promise<ReadonlyMap<string, number>>;
  /** Erases; how many there were. */
  remove(queue: string, which: ParkedSelection): Promise<number>;
}
