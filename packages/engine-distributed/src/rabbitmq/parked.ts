import type { ParkedMessage, ParkedSelection } from '@twite/core/queues/work-queues';

/** Where messages are put aside that could not be handled, or not be read. */
export interface ParkedMessages {
  /** Kept by a majority when it resolves; only then is the message acknowledged. */
  park(message: Pick<ParkedMessage, 'queue' | 'payload' | 'error'>): Promise<void>;
  /** Oldest first, above the messageId `after`. */
  list(
    queue: string,
    page: { readonly after?: string | undefined; readonly limit: number },
  ): Promise<readonly ParkedMessage[]>;
  /** Those of the queue that there are, oldest first. */
  find(queue: string, messageIds: readonly string[]): Promise<readonly ParkedMessage[]>;
  count(queue: string): Promise<number>;
  /** Erases; how many there were. */
  remove(queue: string, which: ParkedSelection): Promise<number>;
}
