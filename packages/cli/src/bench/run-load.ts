import { type BenchRequest, type Connection, openConnections } from './connection.ts';
import { type Counts, isOk, recordLoad, type SecondResult } from './record-load.ts';

/** How requests are paced. */
export interface Pace {
  /**
   * Requests a second, whatever the server does: an open loop. Undefined: each connection sends its next request when it
   * has an answer, a closed loop.
   */
  readonly rate?: number | undefined;
  /** With a rate: how many requests may be on their way at once. Further ones wait, and their waiting counts. */
  readonly connections: number;
}

export interface LoadOptions {
  readonly url: string;
  /** Makes the next request. */
  readonly next: () => BenchRequest;
  readonly pace: Pace;
  readonly seconds: number;
  /** After this, a request is given up. Default: 10,000. */
  readonly timeoutMs?: number;
  /** Called once a second. */
  readonly onSecond?: (second: SecondResult) => void;
  /** Ends the run early; the result is that of the time until then. */
  readonly signal?: AbortSignal | undefined;
}

export interface LoadResult extends Counts {
  readonly seconds: number;
  /** Requests a second that were due; null in a closed loop. */
  readonly offeredRate: number | null;
  /** 2xx answers a second, of those that came before the run was over. */
  readonly rate: number;
  readonly connections: number;
  readonly perSecond: readonly SecondResult[];
  /** The share of time that this process was busy. Near 1, it was the load that was slow, not the server. */
  readonly clientBusy: number;
}

interface Flight {
  readonly operation: string;
  /** When it should have been sent. */
  readonly dueAt: number;
}

const defaultTimeoutMs = 10_000;
const sweepMs = 50;

/**
 * Sends requests for some seconds and tells how they were answered. With a rate, the latency of a request counts from when
 * it was due, not from when it could be sent: while a server stalls, requests become due as before, and the percentiles
 * show how long those would have waited.
 */
export async function runLoad(options: LoadOptions): Promise<LoadResult> {
  const { url, next, pace, seconds, timeoutMs = defaultTimeoutMs, onSecond, signal } = options;
  const record = recordLoad();
  const perSecond: SecondResult[] = [];
  /** The one that has been free for longest comes first. */
  const free = new Set<Connection>();
  const flights = new Map<Connection, Flight>();
  // Not Promise.withResolvers, which Node has since 22.
  let finish: () => void = () => {};
  let reject: (error: unknown) => void = () => {};
  const over = new Promise<void>((resolve, refuse) => {
    finish = resolve;
    reject = refuse;
  });
  const busyBefore = performance.eventLoopUtilization();

  const startedAt = performance.now();
  let endsAt = startedAt + seconds * 1000;
  let total = pace.rate === undefined ? Number.POSITIVE_INFINITY : Math.round(pace.rate * seconds);
  const dueAtOf = (index: number): number =>
    startedAt + (index * 1000) / (pace.rate ?? Number.POSITIVE_INFINITY);
  /** The next request to be sent, by its number. */
  let index = 0;
  let okInTime = 0;
  let busy = 0;

  const send = (connection: Connection, dueAt: number, now: number): void => {
    const request = next();
    free.delete(connection);
    flights.set(connection, { operation: request.operation, dueAt });
    record.sent(request.operation, now - dueAt);
    connection.send(request);
  };
  /** Sends what is due as far as connections are free. */
  const dispatch = (): void => {
    const now = performance.now();
    if (pace.rate === undefined) {
      if (now < endsAt) for (const connection of free) send(connection, now, now);
      return;
    }
    while (index < total && dueAtOf(index) <= now) {
      const dueAt = dueAtOf(index);
      if (now - dueAt > timeoutMs) {
        const { operation } = next();
        record.sent(operation, now - dueAt);
        record.unanswered(operation, 'timeout', now - dueAt);
      } else {
        const [connection] = free;
        if (!connection) return;
        send(connection, dueAt, now);
      }
      index++;
    }
  };
  const land = (connection: Connection): Flight => {
    const flight = flights.get(connection);
    if (!flight) throw new Error('an answer came to no request');
    flights.delete(connection);
    return flight;
  };
  const guarded =
    <Args extends readonly unknown[]>(act: (...args: Args) => void) =>
    (...args: Args): void => {
      try {
        act(...args);
      } catch (error) {
        reject(error);
      }
    };

  const connections = openConnections(url, pace.connections, {
    onFree: guarded((connection) => {
      free.add(connection);
      dispatch();
    }),
    onAnswer: guarded((connection, answer) => {
      const { operation, dueAt } = land(connection);
      const now = performance.now();
      if (now <= endsAt && isOk(answer)) okInTime++;
      record.answered(operation, answer, now - dueAt);
    }),
    onLost: guarded((connection, reason) => {
      const { operation, dueAt } = land(connection);
      record.unanswered(operation, reason, performance.now() - dueAt);
    }),
    onUnavailable: guarded((connection) => free.delete(connection)),
  });

  const sweep = (): void => {
    const now = performance.now();
    if (now < endsAt) busy = performance.eventLoopUtilization(busyBefore).utilization;
    for (const [connection, { operation, dueAt }] of flights) {
      if (now - dueAt <= timeoutMs) continue;
      flights.delete(connection);
      record.unanswered(operation, 'timeout', now - dueAt);
      connection.abandon();
    }
    if (now >= endsAt && flights.size === 0 && (pace.rate === undefined || index >= total)) finish();
  };
  const tickSecond = (): void => {
    if (performance.now() > endsAt + 500) return;
    const taken = record.takeSecond();
    perSecond.push(taken);
    onSecond?.(taken);
  };
  const timers = [
    setInterval(guarded(dispatch), 1),
    setInterval(guarded(sweep), sweepMs),
    setInterval(guarded(tickSecond), 1000),
  ];
  const stop = (): void => {
    endsAt = Math.min(endsAt, performance.now());
    total = Math.min(total, index);
  };
  signal?.addEventListener('abort', stop, { once: true });
  if (signal?.aborted) stop();

  try {
    await over;
  } finally {
    signal?.removeEventListener('abort', stop);
    for (const timer of timers) clearInterval(timer);
    await connections.close();
  }
  const ran = (endsAt - startedAt) / 1000;
  const counts = record.counts();
  return {
    seconds: ran,
    offeredRate: pace.rate ?? null,
    rate: okInTime / Math.max(ran, 0.001),
    connections: pace.connections,
    ...counts,
    clientBusy: busy,
    perSecond,
  };
}
