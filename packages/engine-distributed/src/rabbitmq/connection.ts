import { Unavailable } from '@twite/core/unavailable';
import { Connection } from 'rabbitmq-client';
import { inTime, partingMs } from '../in-time.ts';
import type { Log } from '../log.ts';

/** Connections to the broker that reconnect automatically. */
export interface Rabbit extends AsyncDisposable {
  /**
   * The broker stops reading from publishers when it is short of memory: acknowledgements need a separate connection.
   */
  readonly publishing: Connection;
  readonly consuming: Connection;
  /** Resolves when the broker answers; rejects with `Unavailable`. */
  ping(): Promise<void>;
}

/** Connects in the background: a process can start without its broker. */
export function openRabbit({
  url,
  log,
  name = 'twite',
}: {
  readonly url: string;
  readonly log: Log;
  readonly name?: string;
}): Rabbit {
  const connect = (purpose: string): Connection => {
    const connection = new Connection({
      url,
      connectionName: `${name} ${purpose}`,
      // Nagle's algorithm and delayed acknowledgements together cost 40 ms per message.
      noDelay: true,
      heartbeat: 10,
      acquireTimeout: 5_000,
      connectionTimeout: 5_000,
      retryLow: 100,
      retryHigh: 2_000,
    });
    // Logged once per outage, not for each attempt to reconnect.
    let isAway = false;
    connection.on('error', (error) => {
      if (isAway) return;
      isAway = true;
      log({ level: 'warn', msg: 'rabbitmq disconnected', purpose, reason: reasonOf(error) });
    });
    connection.on('connection', () => {
      if (isAway) log({ level: 'info', msg: 'rabbitmq reconnected', purpose });
      isAway = false;
    });
    connection.on('connection.blocked', (reason) => {
      log({ level: 'warn', msg: 'rabbitmq blocked publishers', purpose, reason });
    });
    connection.on('connection.unblocked', () => {
      log({ level: 'info', msg: 'rabbitmq unblocked publishers', purpose });
    });
    return connection;
  };
  const publishing = connect('publishing');
  const consuming = connect('consuming');
  return {
    publishing,
    consuming,
    async ping() {
      try {
        await consuming.exchangeDeclare({ exchange: 'amq.topic', type: 'topic', passive: true });
      } catch (error) {
        throw new Unavailable('rabbitmq', error);
      }
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([closed(consuming), closed(publishing)]);
    },
  };
}

/**
 * A broker that hangs must not delay the exit of the process: once destroyed, the client never reports that it is
 * closed.
 */
const closed = (connection: Connection): Promise<void> =>
  inTime(connection.close(), partingMs, () => undefined).catch(() => connection.unsafeDestroy());

// The client prefixes the message with an address that is not known yet.
export const reasonOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).replace(/^undefined: /, '');

/** The code of a client error, such as `NOT_FOUND`. */
export const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
