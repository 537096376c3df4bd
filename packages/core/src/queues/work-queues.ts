import type { DomainEvent } from '../events/domain-event.ts';
import type { Job } from '../jobs/job-catalogue.ts';

/** The current state of a work queue. */
export interface QueueState {
  /**
   * The name of a consumer, `jobs.` plus a class of jobs, or `relay` if there is one, which only parks. `jobs` if an
   * older release may have left messages there.
   */
  readonly queue: string;
  /** The number of processes that consume it now. At 0, messages wait. */
  readonly workers: number;
  /** Messages that are not handled yet, including those in flight. Excludes jobs that are not due yet. */
  readonly waiting: number;
  /** The number of waiting messages that workers hold. */
  readonly inFlight: number;
  /** The age of the oldest waiting message in milliseconds. Null if none waits or it is unknown. */
  readonly oldestMs: number | null;
  readonly parked: number;
}

/** An event or job that was parked after five failures or because it was unreadable (a dead letter). */
export interface ParkedMessage {
  readonly messageId: string;
  readonly queue: string;
  /** The raw message if it is unreadable. */
  readonly payload: DomainEvent | Job | { readonly unreadable: string };
  readonly error: string;
  /** Milliseconds. */
  readonly parkedAt: number;
}

/** Which parked messages: the given ones, or all of the queue. */
export type ParkedSelection = readonly string[] | 'all';

/** Waiting and parked messages, for administrators. */
export interface WorkQueues {
  /** All queues, consumers first. */
  list(): Promise<readonly QueueState[]>;
  /** Oldest first, above the messageId `after`. Undefined when the queue does not exist. */
  listParked(
    queue: string,
    page: { readonly after?: string | undefined; readonly limit: number },
  ): Promise<readonly ParkedMessage[] | undefined>;
  /** Requeues parked messages with fresh attempts, and returns how many. */
  replayParked(queue: string, which: ParkedSelection): Promise<number>;
  /** Erases parked messages permanently, and returns how many. */
  dropParked(queue: string, which: ParkedSelection): Promise<number>;
}
