import { Redis, type RedisOptions } from 'ioredis';
import type { Log } from '../log.ts';
import { writeTogether } from './write-together.ts';

export interface RedisConnectionOptions {
  readonly log: Log;
  /** Names the connection, in the server's list of clients and in the log. */
  readonly name: string;
  /** The deadline of a command. */
  readonly deadlineMs?: number;
}

/** A connection to Redis that reconnects automatically. While Redis is unavailable, every command fails at once. */
export interface RedisConnection extends AsyncDisposable {
  readonly client: Redis;
  /** Whether it is connected and its epoch is known. */
  readonly isUp: boolean;
  /**
   * A short form of the server's run id, which changes with each restart or failover, when the last second of writes
   * may be lost. Known before the first command of a connection. Throws `RedisAwayError`.
   */
  epoch(): string | Promise<string>;
  /** Calls the listener at each change of `isUp`. */
  listen(listener: (isUp: boolean) => void): void;
  /** Drops the connection and reconnects. */
  reconnect(): void;
  ping(): Promise<unknown>;
}

export class RedisAwayError extends Error {
  override readonly name = 'RedisAwayError';
}

export const redisDeadlineMs = 150;

const EPOCH_LENGTH = 8;
const CONNECT_TIMEOUT_MS = 1_000;
const RETRY_MS = 50;
const RETRY_MAX_MS = 2_000;

// Replies of a server that is up but cannot serve now.
const awayReply =
  /^(LOADING|READONLY|MASTERDOWN|BUSY|OOM|MISCONF|NOREPLICAS|NOAUTH|WRONGPASS|NOPERM|ERR max number of clients)\b/;

/** Whether the error means that Redis is unavailable or cannot serve, rather than that the command was wrong. */
export function isRedisUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  // A reply of the server; a script's error contains the name of the command that failed in it, or begins with it.
  if (error.name === 'ReplyError')
    return awayReply.test(error.message) || / (OOM|MISCONF|READONLY) /.test(error.message);
  return (
    error instanceof RedisAwayError ||
    error.name === 'MaxRetriesPerRequestError' ||
    error.name === 'AbortError' ||
    /^(Command timed out|Connection is closed|Stream isn't writeable|connect ETIMEDOUT|Socket timeout)/.test(
      error.message,
    ) ||
    ('syscall' in error && 'code' in error)
  );
}

/**
 * Connects. Resolves when the connection is up, or when the first attempt failed, which is logged: Redis is a cache,
 * and nothing waits for it.
 */
export async function connectRedis(url: string, options: RedisConnectionOptions): Promise<RedisConnection> {
  const { log, name, deadlineMs = redisDeadlineMs } = options;
  const client = new Redis(url, redisOptions(name, deadlineMs));
  const listeners: ((isUp: boolean) => void)[] = [];
  let epoch: string | Promise<string> | undefined;
  let isUp = false;
  let isEnding = false;
  let toldAway = false;
  let reason: unknown;
  const settled = Promise.withResolvers<void>();

  const changed = (up: boolean) => {
    if (isUp === up) return;
    isUp = up;
    for (const listener of listeners) listener(up);
  };
  const away = () => {
    epoch = undefined;
    changed(false);
    settled.resolve();
    if (toldAway || isEnding) return;
    toldAway = true;
    log({ level: 'warn', msg: 'redis disconnected', connection: name, err: reason });
  };
  const learn = (): Promise<string> => {
    const asked = readEpoch(client).then(
      (known) => {
        if (epoch !== asked) return known;
        epoch = known;
        if (toldAway) log({ level: 'info', msg: 'redis reconnected', connection: name });
        toldAway = false;
        changed(true);
        settled.resolve();
        return known;
      },
      (error: unknown) => {
        reason = error;
        if (epoch === asked) away();
        throw new RedisAwayError(messageOf(error), { cause: error });
      },
    );
    epoch = asked;
    asked.catch(() => {});
    return asked;
  };

  client.on('error', (error: unknown) => {
    reason = error;
  });
  writeTogether(client);
  client.on('ready', learn);
  client.on('close', away);
  client.on('end', away);
  await settled.promise;

  return {
    client,
    get isUp() {
      return isUp;
    },
    epoch() {
      if (epoch !== undefined) return epoch;
      if (client.status !== 'ready') throw new RedisAwayError(`not connected: ${messageOf(reason)}`);
      return learn();
    },
    listen(listener) {
      listeners.push(listener);
    },
    reconnect() {
      client.disconnect(true);
    },
    ping: () => client.ping(),
    async [Symbol.asyncDispose]() {
      isEnding = true;
      await client.quit().catch(() => {});
      client.disconnect();
    },
  };
}

const retryDelay = (attempt: number): number =>
  Math.ceil(Math.min(RETRY_MAX_MS, RETRY_MS * 2 ** Math.min(attempt - 1, 10)) * (0.5 + Math.random() / 2));

function redisOptions(name: string, deadlineMs: number): RedisOptions {
  return {
    connectionName: name,
    commandTimeout: deadlineMs,
    connectTimeout: CONNECT_TIMEOUT_MS,
    // Commands do not wait for a connection and are not sent twice: a command that timed out must not be executed later
    // by a resend.
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    autoResubscribe: false,
    // For a peer that vanished silently: its socket and the commands that wait for it are dropped.
    socketTimeout: Math.max(1_000, 5 * deadlineMs),
    retryStrategy: retryDelay,
    reconnectOnError: (error) => error.message.startsWith('READONLY'),
  };
}

async function readEpoch(client: Redis): Promise<string> {
  const runId = /^run_id:(\w+)/m.exec(await client.info('server'))?.[1];
  if (runId === undefined || runId.length < EPOCH_LENGTH) throw new Error('Redis does not report its run id');
  return runId.slice(0, EPOCH_LENGTH);
}

const messageOf = (error: unknown): string => {
  if (error instanceof AggregateError && error.message === '') return messageOf(error.errors[0]);
  return error instanceof Error ? error.message : 'no connection';
};
