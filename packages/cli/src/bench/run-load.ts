import { type BenchRequest, type Connection, openConnections } from './connection.ts';
import { type Counts, isOk, recordLoad, type SecondResult } from './record-load.ts';

/** The pacing of requests. */
export interface Pace {
  /**
   * Requests per second, whatever the server does: an open loop. Undefined: each connection sends its next request
   * after an answer, a closed loop.
   */
  readonly rate?: number | undefined;
  /** With a rate: the maximum number of concurrent requests. Further ones wait, and their waiting time counts. */
  readonly connections: number;
}

export interface LoadOptions {
  readonly url: string;
  /** Creates the next request. */
  readonly next: () => BenchRequest;
  readonly pace: Pace;
  readonly seconds: number;
  /** The timeout of a request. Default: 10,000. */
  readonly timeoutMs?: number;
  /** Called once a second. */
  readonly onSecond?: (second: SecondResult) => void;
  /** Ends the run early. The result covers the time until then. */
  readonly signal?: AbortSignal | undefined;
}

export interface LoadResult extends Counts {
  readonly seconds: number;
  /** The rate at which requests became due; null in a closed loop. */
  readonly offeredRate: number | null;
  /** 2xx answers per second that arrived before the end of the run. */
  readonly rate: number;
  readonly connections: number;
  readonly perSecond: readonly SecondResult[];
  /** The ratio of time that this process was busy. Near 1, the load generator was slow, not the server. */
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
 * Sends requests for some seconds and reports how they were answered. With a rate, the latency of a request counts from
 * when it was due, not from when it could be sent: while a server stalls, requests still become due, and the
 * percentiles include their waiting time.
 */
export async function runLoad(options: LoadOptions): Promise<LoadResult> {
  const { url, next, pace, seconds, timeoutMs = defaultTimeoutMs, onSecond, signal } = options;
  const record = recordLoad();
  const perSecond: SecondResult[] = [];
  /** Ordered by the time they became free, oldest first. */
  const free = new Set<Connection>();
  const flights = new Map<Connection, Flight>();
  // Not Promise.withResolvers, which requires Node 22.
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
  /** The number of the next request to send. */
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
  /** Sends due requests as far as connections are free. */
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
