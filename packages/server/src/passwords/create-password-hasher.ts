import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { ContractError } from '@twite/contract';
import type { PasswordHasher } from '@twite/core/passwords/password-hasher';
import { dummyPasswordHash } from './argon2id.ts';
import type { PasswordOutcome, PasswordTask } from './password-worker.ts';

export interface PasswordHasherOptions {
  /** Threads, each hashing one password at a time in 19 MiB. Null: half of the cores. */
  readonly concurrency?: number | null;
  /** How many may wait; one more is refused with `overloaded`. */
  readonly queueLimit?: number;
  /** After so long without work the threads end and give their memory back. */
  readonly idleMs?: number;
}

/** A hasher that owns threads: dispose of it when the last request is answered. What still waits is then refused. */
export interface ThreadedPasswordHasher extends PasswordHasher, AsyncDisposable {
  /** Passwords that wait for a thread. */
  readonly waitingCount: number;
  readonly threadCount: number;
}

interface Job {
  readonly task: PasswordTask;
  readonly resolve: (result: string | boolean) => void;
  readonly reject: (error: Error) => void;
}

// By its package name, so that it is found beside the source as well as beside the bundle.
const workerFile = createRequire(import.meta.url).resolve('@twite/server/password-worker');

// A rough figure for Retry-After.
const secondsPerHash = 0.05;

/** argon2id in threads of its own, started when needed. Never in the libuv pool, which file reads share. */
export function createPasswordHasher({
  concurrency: wanted = null,
  queueLimit = 64,
  idleMs = 5_000,
}: PasswordHasherOptions = {}): ThreadedPasswordHasher {
  const concurrency = wanted ?? Math.max(1, Math.floor(availableParallelism() / 2));
  const waiting: Job[] = [];
  const idle: Worker[] = [];
  const busy = new Map<Worker, Job>();
  let idleTimer: NodeJS.Timeout | undefined;
  let disposing: Promise<void> | undefined;

  const endIdle = async (): Promise<void> => {
    await Promise.all(idle.splice(0).map((worker) => worker.terminate()));
  };

  const start = (): Worker => {
    const worker = new Worker(workerFile, {
      name: 'password-hasher',
      env: {},
      resourceLimits: { maxOldGenerationSizeMb: 32, maxYoungGenerationSizeMb: 4 },
    });
    worker.on('message', (outcome: PasswordOutcome) => {
      const job = take(worker);
      idle.push(worker);
      // An idle thread must not keep the process alive.
      worker.unref();
      if (outcome.ok) job?.resolve(outcome.result);
      else job?.reject(new Error(outcome.message));
      work();
    });
    worker.on('error', (error) => take(worker)?.reject(error));
    worker.on('exit', () => {
      take(worker)?.reject(new Error('a password thread ended while it was hashing'));
      const index = idle.indexOf(worker);
      if (index >= 0) idle.splice(index, 1);
      work();
    });
    return worker;
  };

  const take = (worker: Worker): Job | undefined => {
    const job = busy.get(worker);
    busy.delete(worker);
    return job;
  };

  /** Gives waiting jobs to threads, as far as there may be threads. */
  const work = (): void => {
    clearTimeout(idleTimer);
    while (waiting.length > 0 && busy.size < concurrency) {
      const job = waiting.shift() as Job;
      const worker = idle.pop() ?? start();
      busy.set(worker, job);
      worker.ref();
      worker.postMessage(job.task);
    }
    if (busy.size === 0 && idle.length > 0) idleTimer = setTimeout(() => void endIdle(), idleMs).unref();
  };

  const perform = (task: PasswordTask): Promise<string | boolean> => {
    if (disposing) return Promise.reject(new ContractError('unavailable'));
    if (busy.size >= concurrency && waiting.length >= queueLimit) {
      const retryAfterSeconds = Math.ceil((waiting.length * secondsPerHash) / concurrency);
      return Promise.reject(new ContractError('overloaded', { retryAfterSeconds }));
    }
    return new Promise((resolve, reject) => {
      waiting.push({ task, resolve, reject });
      work();
    });
  };

  const dispose = async (): Promise<void> => {
    for (const job of waiting.splice(0)) job.reject(new ContractError('unavailable'));
    clearTimeout(idleTimer);
    const ends = [...busy.keys()].map((worker) => worker.terminate());
    await Promise.all([...ends, endIdle()]);
  };

  return {
    get waitingCount() {
      return waiting.length;
    },
    get threadCount() {
      return busy.size + idle.length;
    },
    hash: async (password) => (await perform({ password, passwordHash: undefined })) as string,
    verify: async (passwordHash, password) => {
      const matches = await perform({ password, passwordHash: passwordHash ?? dummyPasswordHash });
      return passwordHash !== undefined && matches === true;
    },
    [Symbol.asyncDispose]: () => {
      disposing ??= dispose();
      return disposing;
    },
  };
}
