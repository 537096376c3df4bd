import { performance } from 'node:perf_hooks';
import type { Priority } from '@twite/contract';

/** When a server is overloaded. */
export interface ShedConfig {
  /** The maximum delay of a request of high priority in the event loop. Null: delays never cause shedding. */
  readonly delayMs: number | null;
  /** The maximum number of concurrent requests. Null: unlimited. */
  readonly workMax: number | null;
}

/** Decides whether a request is processed or rejected, by the current load of this process. */
export interface LoadShedder {
  /** Records that a request arrived. False: it is processed whatever its priority, which need not be looked up. */
  arrive(): boolean;
  /** Whether to reject the request that has just arrived. */
  isTooMuch(priority: Priority): boolean;
  /** Counts a request from when its input is complete until its answer is ready, which `endWork` marks. */
  beginWork(): void;
  endWork(): void;
}

/** The event loop's own figures: both increase, in milliseconds. */
export interface LoopClock {
  now(): number;
  /** How long the event loop has been idle in total. */
  idle(): number;
  /**
   * Calls back when the event loop has handled everything that had arrived; keeps neither the loop nor the process
   * awake.
   */
  afterTurn(call: () => void): void;
}

const ownLoop: LoopClock = {
  now: () => performance.now(),
  idle: () => performance.nodeTiming.idleTime,
  afterTurn: (call) => void setImmediate(call).unref(),
};

/** The share of the delay and of the work that requests of a priority may use before they are rejected. */
const shares: Readonly<Record<Priority, { readonly delay: number; readonly work: number }>> = {
  low: { delay: 0.2, work: 0.5 },
  normal: { delay: 0.5, work: 0.8 },
  high: { delay: 1, work: 1 },
};

/** A shorter delay is a burst, which is absorbed. */
const burstMs = 200;
/** How much longer requests may wait in a burst. */
const burstFactor = 4;
/** How long the event loop is watched after a request. */
const watchMs = 1_000;

/**
 * Sheds by how long requests wait, like CoDel, and not by how many arrive: a turn of the event loop takes up everything
 * that arrived during the previous turn, so a request has waited about as long as its turn has been busy when it is
 * taken up. Each priority has a budget of that delay. While turns stay short nothing is rejected. When the event loop
 * has not had a short turn for a while, requests beyond the budget of their priority are rejected, at once and cheaply,
 * so that the processed ones never wait much longer than the budget. Shedding ends with the first short turn.
 *
 * The limit on work in flight covers what a busy event loop does not show: requests that wait for a store that became
 * slow.
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
