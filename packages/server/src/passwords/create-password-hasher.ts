import { createRequire } from 'node:module';
import { ContractError } from '@twite/contract';
import type { HashRequester, PasswordHasher } from '@twite/core/passwords/password-hasher';
import { inSpan, type SpanDescription } from '@twite/core/tracer';
import { ProcessFailure } from '@twite/process/pool/pooled-process';
import { createProcessPool, type PoolLoad, type PoolObserver } from '@twite/process/pool/process-pool';
import { dummyPasswordHash } from './dummy-password-hash.ts';
import { createFairOrder } from './fair-order.ts';
import type { PasswordTask } from './password-worker.ts';

export interface PasswordHasherOptions {
  /** The number of processes, each hashing one password at a time in 19 MiB. Null: half of the cores. */
  readonly concurrency?: number | null;
  /** How many may wait; further ones are rejected with `overloaded`. */
  readonly queueLimit?: number;
  /** After this time without work the processes exit and free their memory. */
  readonly idleMs?: number;
  /** The deadline for one password, which is rejected with `overloaded` after it. */
  readonly deadlineMs?: number;
  readonly observe?: PoolObserver;
}

/** A hasher that owns processes: dispose of it once the last request is answered. Waiting passwords are rejected. */
export interface OwnPasswordHasher extends PasswordHasher, AsyncDisposable {
  readonly load: PoolLoad;
  /** Whether the queue is full and already contains enough requests of this client, named as by `clientKey`. */
  isFullFor(client: string): boolean;
}

/** When the queue is full, this many requests of one client may wait before more are rejected unread. */
const waitingPerClient = 4;

// By its package name, so that it is found both from the source and from the bundle.
const workerFile = createRequire(import.meta.url).resolve('@twite/server/password-worker');

const span = {
  name: 'password hash',
  kind: 'internal',
  attributes: { 'twite.pool': 'passwords' },
} as const satisfies SpanDescription;

/**
 * argon2id in separate processes, started on demand. The `argon2` package hashes in its process's thread pool,
 * whichever thread calls it; in the server's process that would delay file reads, keep its memory, and have the
 * server's priority.
 */
export function createPasswordHasher({
  concurrency = null,
  queueLimit = 256,
  idleMs = 5_000,
  deadlineMs = 10_000,
  observe,
}: PasswordHasherOptions = {}): OwnPasswordHasher {
  const pool = createProcessPool<PasswordTask, string | boolean, HashRequester>({
    workerFile,
    concurrency,
    queueLimit,
    idleMs,
    deadlineMs,
    tasksPerProcess: 1_000,
    heapMegabytes: 64,
    // A stored hash names its own cost, up to some hundred megabytes in imported data.
    memoryMegabytes: 512,
    secondsPerTask: 0.05,
    waitSecondsMax: 60,
    order: createFairOrder(),
    ...(observe === undefined ? {} : { observe }),
  });
  const perform = async (task: PasswordTask, requester?: HashRequester): Promise<string | boolean> => {
    try {
      return await inSpan(span, () => pool.run(task, undefined, requester));
    } catch (error) {
      if (error instanceof ProcessFailure && error.reason === 'deadline')
        throw new ContractError('overloaded', { retryAfterSeconds: 1, cause: error });
      throw error;
    }
  };
  return {
    get load() {
      return pool.load;
    },
    isFullFor(client) {
      if (!pool.isFull) return false;
      const waiting = pool.waitingPlaces.filter((place) => place?.networks[0] === client);
      return waiting.length >= waitingPerClient;
    },
    hash: async (password, requester) =>
      (await perform({ password, passwordHash: null }, requester)) as string,
    verify: async (passwordHash, password, requester) => {
      const task = { password, passwordHash: passwordHash ?? dummyPasswordHash };
      const matches = await perform(task, requester);
      return passwordHash !== undefined && matches === true;
    },
    [Symbol.asyncDispose]: () => pool[Symbol.asyncDispose](),
  };
}
