import { performance } from 'node:perf_hooks';
import type { Priority } from '@twite/contract';

/** When a server is overloaded. */
export interface ShedConfig {
  /** How long a request of high priority may wait for the event loop. Null: nothing is shed for that. */
  readonly delayMs: number | null;
  /** Requests that may be worked on at the same time. Null: as many as come. */
  readonly workMax: number | null;
}

/** Decides whether a request is worked on or refused, by the load of this process at that moment. */
export interface LoadShedder {
  /** Notes that a request arrived. False: it is worked on whatever its priority is, which need not be looked up. */
  arrive(): boolean;
  /** Whether to refuse the request that has just arrived. */
  isTooMuch(priority: Priority): boolean;
  /** Counts a request from when its input is complete until its answer is ready. Gives what ends it. */
  beginWork(): void;
  endWork(): void;
}

/** What the event loop tells about itself: both rise, in milliseconds. */
export interface LoopClock {
  now(): number;
  /** How long the event loop has had nothing to do. */
  idle(): number;
  /** Calls when the event loop has handled all that had arrived; keeps neither the loop nor the process awake. */
  afterTurn(call: () => void): void;
}

const ownLoop: LoopClock = {
  now: () => performance.now(),
  idle: () => performance.nodeTiming.idleTime,
  afterTurn: (call) => void setImmediate(call).unref(),
};

/** How much of the delay and of the work the requests of a priority may use up before they are refused. */
const shares: Readonly<Record<Priority, { readonly delay: number; readonly work: number }>> = {
  low: { delay: 0.2, work: 0.5 },
  normal: { delay: 0.5, work: 0.8 },
  high: { delay: 1, work: 1 },
};

/** A delay that lasts less than this is a burst, which is worked off. */
const burstMs = 200;
/** How much longer requests may wait in a burst. */
const burstFactor = 4;
/** The event loop is watched for so long after a request. */
const watchMs = 1_000;

/**
 * Sheds by how long requests wait, as CoDel does, and not by how many came: a turn of the event loop takes up all that
 * arrived during the turn before it, so a request has waited about as long as its turn has been busy when it is taken up.
 * Each priority has a budget of that delay. While turns stay short nothing is refused. When the event loop has not had a
 * short turn for a while, requests beyond the budget of their priority are refused, at once and cheaply, so that those
 * that are worked on never wait much longer than the budget. It ends with the first short turn.
 *
 * Work in flight catches what a busy event loop does not show: requests that wait for a store that became slow.
 */
export function createLoadShedder({ delayMs, workMax }: ShedConfig, loop: LoopClock = ownLoop): LoadShedder {
  const delay = delayMs ?? Number.POSITIVE_INFINITY;
  const work = workMax ?? Number.POSITIVE_INFINITY;
  const calmMs = delay * shares.low.delay;
  const calmWork = work * shares.low.work;

  let working = 0;
  let watching = false;
  let turnStartedAt = 0;
  let idleBefore = 0;
  let requestedAt = 0;
  let calmAt = 0;
  /** How long the turn had been busy when the latest request arrived. */
  let waited = 0;

  const beginTurn = (now: number): void => {
    turnStartedAt = now;
    idleBefore = loop.idle();
  };

  const busyMs = (now: number): number => now - turnStartedAt - (loop.idle() - idleBefore);

  const endTurn = (): void => {
    const now = loop.now();
    if (busyMs(now) <= calmMs) calmAt = now;
    if (now - requestedAt > watchMs) {
      watching = false;
      return;
    }
    beginTurn(now);
    loop.afterTurn(endTurn);
  };

  return {
    arrive() {
      const now = loop.now();
      requestedAt = now;
      if (!watching) {
        watching = true;
        calmAt = now;
        beginTurn(now);
        loop.afterTurn(endTurn);
      }
      waited = busyMs(now);
      return waited > calmMs || working >= calmWork;
    },
    isTooMuch(priority) {
      const share = shares[priority];
      if (working >= work * share.work) return true;
      const isBurst = requestedAt - calmAt < burstMs;
      return waited > delay * share.delay * (isBurst ? burstFactor : 1);
    },
    beginWork() {
      working++;
    },
    endWork() {
      working--;
    },
  };
}
