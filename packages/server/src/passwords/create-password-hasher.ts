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
  /** Processes, each hashing one password at a time in 19 MiB. Null: half of the cores. */
  readonly concurrency?: number | null;
  /** How many may wait; one more is refused with `overloaded`. */
  readonly queueLimit?: number;
  /** After this time without work the processes end and return their memory. */
  readonly idleMs?: number;
  /** For one password: it is then refused with `overloaded`. */
  readonly deadlineMs?: number;
  readonly observe?: PoolObserver;
}

/** A hasher that owns processes: dispose of it when the last request is answered. Passwords that still wait are refused. */
export interface OwnPasswordHasher extends PasswordHasher, AsyncDisposable {
  readonly load: PoolLoad;
  /** Whether the queue is full and already holds enough requests of this client, named as by `clientKey`. */
  isFullFor(client: string): boolean;
}

/** So many requests of one client wait where the queue is full, before more are refused unread. */
const waitingPerClient = 4;

// By its package name, so that it is found beside the source as well as beside the bundle.
const workerFile = createRequire(import.meta.url).resolve('@twite/server/password-worker');

const span = {
  name: 'password hash',
  kind: 'internal',
  attributes: { 'twite.pool': 'passwords' },
} as const satisfies SpanDescription;

/**
 * argon2id in processes of its own, started when needed. The `argon2` package hashes in the pool of threads of its
 * process, whichever thread asks; here that would delay file reads, keep its memory, and have our priority.
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
    // A stored hash names its own cost, up to some hundred megabytes in what others exported.
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
