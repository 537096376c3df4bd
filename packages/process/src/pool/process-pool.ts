import { availableParallelism } from 'node:os';
import { ContractError } from '@twite/contract';
import {
  createPooledProcess,
  type PooledProcess,
  type PooledProcessOptions,
  ProcessFailure,
  type ProcessFailureReason,
} from './pooled-process.ts';

export interface ProcessPoolOptions<Place = undefined> extends PooledProcessOptions {
  /** The number of processes, each with one task at a time. Null: half of the cores. */
  readonly concurrency: number | null;
  /** How many tasks may wait; further tasks are rejected with `overloaded`. */
  readonly queueLimit: number;
  /** After this time without work all processes exit and free their memory. */
  readonly idleMs: number;
  /** A process exits after this many tasks: native memory fragments. */
  readonly tasksPerProcess: number;
  /** The assumed duration of a task, until some were measured. */
  readonly secondsPerTask: number;
  /** A task that would probably wait longer is rejected with `overloaded`. */
  readonly waitSecondsMax: number;
  /** Defaults to first come, first served. */
  readonly order?: WaitingOrder<Place>;
  readonly observe?: PoolObserver;
}

/**
 * Determines the order of waiting tasks, which are passed in the order of arrival. `Place` is the value passed to `run`
 * for each.
 */
export interface WaitingOrder<Place> {
  /** The index of the next task to run. */
  next(waiting: readonly Place[]): number;
  /** The index of the task to reject when one too many waits; the last one has just arrived. */
  refuse(waiting: readonly Place[]): number;
}

/** Receives events of a pool, for metrics. */
export interface PoolObserver {
  /** A process finished a task after this many seconds; `failure`: why it has no result. */
  ran(seconds: number, failure: TaskFailure | undefined): void;
  /** A task was rejected as `overloaded`. */
  refused(): void;
}

/** `error`: thrown by the task. */
export type TaskFailure = ProcessFailureReason | 'error';

/** How busy a pool is. */
export interface PoolLoad {
  readonly running: number;
  readonly runningMax: number;
  readonly waiting: number;
  /** The number of running and idle processes. */
  readonly processes: number;
}

/** Dispose of it once the last task is answered: waiting and running tasks are rejected with `unavailable`. */
export interface ProcessPool<Task, Result, Place = undefined> extends AsyncDisposable {
  /**
   * `place` determines the order of waiting tasks. Rejects with `overloaded` when the queue is full or the wait too
   * long, or the machine cannot start a process, `unavailable` once disposed of, `ProcessFailure` when the process
   * exited or was killed at the deadline, else with the error of the task. A failure concerns this task only. The
   * deadline counts from when a process takes the task.
   */
  run(task: Task, deadlineMs?: number, place?: Place): Promise<Result>;
  /** Whether `run` would reject a task now. */
  readonly isFull: boolean;
  readonly load: PoolLoad;
  /** The places of the waiting tasks, in the order of arrival. */
  readonly waitingPlaces: readonly (Place | undefined)[];
  /** The pids of running and idle processes. */
  readonly pids: readonly number[];
}

interface Job<Place> {
  readonly task: unknown;
  readonly place: Place | undefined;
  readonly deadlineMs: number;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
}

const averagedOver = 8;

const firstComeFirstServed: WaitingOrder<unknown> = { next: () => 0, refuse: ({ length }) => length - 1 };

const observeNothing: PoolObserver = { ran() {}, refused() {} };

const failureOf = (error: unknown): TaskFailure => (error instanceof ProcessFailure ? error.reason : 'error');

/** Performs tasks in child processes, which are started on demand. The worker module must call `prepareChild`. */
export function createProcessPool<Task, Result, Place = undefined>(
  options: ProcessPoolOptions<Place | undefined>,
): ProcessPool<Task, Result, Place> {
  const concurrency = options.concurrency ?? Math.max(1, Math.floor(availableParallelism() / 2));
  const { observe = observeNothing, order = firstComeFirstServed } = options;
  const waiting: Job<Place>[] = [];
  const idle: PooledProcess[] = [];
  const busy = new Set<PooledProcess>();
  let idleTimer: NodeJS.Timeout | undefined;
  let disposing: Promise<void> | undefined;
  /** A moving average. */
  let secondsPerTask = options.secondsPerTask;

  const waitSeconds = (tasks: number): number => (tasks * secondsPerTask) / concurrency;
  const isFull = (): boolean =>
    busy.size >= concurrency &&
    (waiting.length >= options.queueLimit || waitSeconds(waiting.length) > options.waitSecondsMax);

  const overloaded = (cause?: unknown): ContractError => {
    const seconds = Math.ceil(waitSeconds(waiting.length + 1));
    return new ContractError('overloaded', { retryAfterSeconds: Math.max(1, seconds), cause });
  };

  const endIdle = async (): Promise<void> => {
    await Promise.all(idle.splice(0).map((worker) => worker.end()));
  };

  const start = (): PooledProcess => {
    const worker = createPooledProcess(options);
    void worker.ended.then(() => {
      const index = idle.indexOf(worker);
      if (index >= 0) idle.splice(index, 1);
    });
    return worker;
  };

  const translate = (error: unknown): unknown => {
    if (disposing) return new ContractError('unavailable');
    return error instanceof ProcessFailure && error.reason === 'notStarted' ? overloaded(error) : error;
  };

  const perform = async (job: Job<Place>): Promise<void> => {
    const worker = idle.pop() ?? start();
    busy.add(worker);
    const startedMs = performance.now();
    let failure: TaskFailure | undefined;
    try {
      job.resolve(await worker.run(job.task, job.deadlineMs));
    } catch (error) {
      failure = failureOf(error);
      job.reject(translate(error));
    }
    const seconds = (performance.now() - startedMs) / 1000;
    if (!disposing) observe.ran(seconds, failure);
    secondsPerTask += (seconds - secondsPerTask) / averagedOver;
    if (worker.taskCount >= options.tasksPerProcess) await worker.end();
    busy.delete(worker);
    if (!worker.hasEnded) idle.push(worker);
    work();
  };

  const placesOf = () => waiting.map(({ place }) => place);
  const take = (index: number): Job<Place> => waiting.splice(index, 1)[0] as Job<Place>;
  const takeNext = (): Job<Place> => take(waiting.length === 1 ? 0 : order.next(placesOf()));

  /** Gives waiting tasks to processes, within the limit of processes. */
  const work = (): void => {
    clearTimeout(idleTimer);
    while (waiting.length > 0 && busy.size < concurrency) void perform(takeNext());
    if (busy.size === 0 && idle.length > 0)
      idleTimer = setTimeout(() => void endIdle(), options.idleMs).unref();
  };

  const dispose = async (): Promise<void> => {
    for (const job of waiting.splice(0)) job.reject(new ContractError('unavailable'));
    clearTimeout(idleTimer);
    await Promise.all([...busy].map((worker) => worker.end()));
    await endIdle();
  };

  const pids = (): number[] =>
    [...busy, ...idle].flatMap(({ pid, hasEnded }) => (pid === undefined || hasEnded ? [] : [pid]));

  return {
    run(task, deadlineMs = options.deadlineMs, place) {
      if (disposing) return Promise.reject(new ContractError('unavailable'));
      const hasOneTooMany = isFull();
      return new Promise<unknown>((resolve, reject) => {
        waiting.push({ task, place, deadlineMs, resolve, reject });
        if (hasOneTooMany) {
          observe.refused();
          take(order.refuse(placesOf())).reject(overloaded());
        }
        work();
      }) as Promise<Result>;
    },
    get isFull() {
      return isFull();
    },
    get load() {
      return {
        running: busy.size,
        runningMax: concurrency,
        waiting: waiting.length,
        processes: pids().length,
      };
    },
    get waitingPlaces() {
      return placesOf();
    },
    get pids() {
      return pids();
    },
    [Symbol.asyncDispose]: () => {
      disposing ??= dispose();
      return disposing;
    },
  };
}
