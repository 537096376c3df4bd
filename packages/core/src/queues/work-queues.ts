import type { DomainEvent } from '../events/domain-event.ts';
import type { Job } from '../jobs/job-catalogue.ts';

/** A queue of work as it stands. */
export interface QueueState {
  /**
   * The name of a consumer, `jobs.` and a class of jobs, or `relay` where there is one: it only parks. `jobs` where an older
   * release may have left some.
   */
  readonly queue: string;
  /** Processes that work on it now. At 0, what comes waits. */
  readonly workers: number;
  /** Not handled yet, those being worked on included. Without jobs that are not due yet. */
  readonly waiting: number;
  /** Of those waiting: how many workers hold. */
  readonly inFlight: number;
  /** Milliseconds since the oldest of them came; null when none waits, or it is not known. */
  readonly oldestMs: number | null;
  readonly parked: number;
}

/** An event or job that failed five times, or could not be read, and was put aside. */
export interface ParkedMessage {
  readonly messageId: string;
  readonly queue: string;
  /** As it was sent, when it cannot be read. */
  readonly payload: DomainEvent | Job | { readonly unreadable: string };
  readonly error: string;
  /** Milliseconds. */
  readonly parkedAt: number;
}

/** Which of the parked messages: those named, or all of the queue. */
export type ParkedSelection = readonly string[] | 'all';

/** What waits and what was parked, for administrators. */
export interface WorkQueues {
  /** Every queue there is, consumers first. */
  list(): Promise<readonly QueueState[]>;
  /** Oldest first, above the messageId `after`; undefined when there is no such queue. */
  listParked(
    queue: string,
    page: { readonly after?: string | undefined; readonly limit: number },
  ): Promise<readonly ParkedMessage[] | undefined>;
  /** Gives parked messages to their queue again, with new attempts; how many. */
  replayParked(queue: string, which: ParkedSelection): Promise<number>;
  /** Erases parked messages for good; how many. */
  dropParked(queue: string, which: ParkedSelection): Promise<number>;
}
