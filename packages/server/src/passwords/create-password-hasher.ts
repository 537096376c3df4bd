import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { ContractError } from '@twite/contract';
import type { PasswordHasher } from '@twite/core/passwords/password-hasher';
import { dummyPasswordHash } from './dummy-password-hash.ts';
import type { PasswordOutcome, PasswordTask } from './password-worker.ts';

export interface PasswordHasherOptions {
  /** Processes, each hashing one password at a time in 19 MiB. Null: half of the cores. */
  readonly concurrency?: number | null;
  /** How many may wait; one more is refused with `overloaded`. */
  readonly queueLimit?: number;
  /** After so long without work the processes end and give their memory back. */
  readonly idleMs?: number;
}

/** A hasher that owns processes: dispose of it when the last request is answered. What still waits is then refused. */
export interface OwnPasswordHasher extends PasswordHasher, AsyncDisposable {
  /** Passwords that wait for a process. */
  readonly waitingCount: number;
  readonly processCount: number;
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

// An idle process must not keep ours alive.
const rest = (worker: ChildProcess): void => {
  worker.unref();
  worker.channel?.unref();
};

const wake = (worker: ChildProcess): void => {
  worker.ref();
  worker.channel?.ref();
};

/**
 * argon2id in processes of its own, started when needed. The `argon2` package hashes in the pool of threads of its
 * process, whichever thread asks; here that would delay file reads, keep its memory, and have our priority.
 */
export function createPasswordHasher({
  concurrency: wanted = null,
  queueLimit = 64,
  idleMs = 5_000,
}: PasswordHasherOptions = {}): OwnPasswordHasher {
  const concurrency = wanted ?? Math.max(1, Math.floor(availableParallelism() / 2));
  const waiting: Job[] = [];
  const idle: ChildProcess[] = [];
  const busy = new Map<ChildProcess, Job>();
  let idleTimer: NodeJS.Timeout | undefined;
  let disposing: Promise<void> | undefined;

  const end = async (worker: ChildProcess): Promise<void> => {
    if (worker.exitCode !== null || worker.signalCode !== null) return;
    const ended = once(worker, 'exit');
    worker.kill('SIGKILL');
    await ended;
  };

  const endIdle = async (): Promise<void> => {
    await Promise.all(idle.splice(0).map(end));
  };

  const start = (): ChildProcess => {
    // Without our environment: it may hold secrets, and hashing needs none of it.
    const worker = fork(workerFile, { env: {} });
    worker.on('message', (outcome: PasswordOutcome) => {
      const job = take(worker);
      idle.push(worker);
      rest(worker);
      if (outcome.ok) job?.resolve(outcome.result);
      else job?.reject(new Error(outcome.message));
      work();
    });
    worker.on('error', (error) => take(worker)?.reject(error));
    worker.on('exit', () => {
      take(worker)?.reject(new Error('a password process ended while it was hashing'));
      const index = idle.indexOf(worker);
      if (index >= 0) idle.splice(index, 1);
      work();
    });
    return worker;
  };

  const take = (worker: ChildProcess): Job | undefined => {
    const job = busy.get(worker);
    busy.delete(worker);
    return job;
  };

  /** Gives waiting jobs to processes, as far as there may be processes. */
  const work = (): void => {
    clearTimeout(idleTimer);
    while (waiting.length > 0 && busy.size < concurrency) {
      const job = waiting.shift() as Job;
      const worker = idle.pop() ?? start();
      busy.set(worker, job);
      wake(worker);
      worker.send(job.task);
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
    const ends = [...busy.keys()].map(end);
    await Promise.all([...ends, endIdle()]);
  };

  return {
    get waitingCount() {
      return waiting.length;
    },
    get processCount() {
      return busy.size + idle.length;
    },
    hash: async (password) => (await perform({ password, passwordHash: null })) as string,
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
