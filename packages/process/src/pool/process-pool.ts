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
  /** Processes, each with one task at a time. Null: half of the cores. */
  readonly concurrency: number | null;
  /** How many tasks may wait; one more is refused with `overloaded`. */
  readonly queueLimit: number;
  /** After this time without work all processes end and return their memory. */
  readonly idleMs: number;
  /** A process ends after this many tasks: native memory fragments. */
  readonly tasksPerProcess: number;
  /** How long a task takes, until some were measured. */
  readonly secondsPerTask: number;
  /** A task that would probably wait for longer is refused with `overloaded`. */
  readonly waitSecondsMax: number;
  /** By default, first come, first served. */
  readonly order?: WaitingOrder<Place>;
  readonly observe?: PoolObserver;
}

/**
 * Whose turn it is among the tasks that wait, which are given in the order in which they came. `Place` is what `run` was told
 * about each.
 */
export interface WaitingOrder<Place> {
  /** The index of the task that is done next. */
  next(waiting: readonly Place[]): number;
  /** The index of the task to refuse where one too many waits; the last one has just come. */
  refuse(waiting: readonly Place[]): number;
}

/** Told what a pool does, for metrics. */
export interface PoolObserver {
  /** A process was done with a task after so many seconds; `failure`: why it has no result. */
  ran(seconds: number, failure: TaskFailure | undefined): void;
  /** A task was refused as `overloaded`. */
  refused(): void;
}

/** `error`: what the task threw. */
export type TaskFailure = ProcessFailureReason | 'error';

/** How busy a pool is. */
export interface PoolLoad {
  readonly running: number;
  readonly runningMax: number;
  readonly waiting: number;
  /** That run or rest. */
  readonly processes: number;
}

/** Dispose of it when the last task is answered: tasks that wait or run are refused with `unavailable`. */
export interface ProcessPool<Task, Result, Place = undefined> extends AsyncDisposable {
  /**
   * `place` is for the order of those that wait. Rejects with `overloaded` when the queue is full or too long to wait in, or the machine cannot start a process, `unavailable` once disposed of,
   * `ProcessFailure` when the process ended or was killed at the deadline, else with what the task threw. A failure
   * concerns this task only. The time until the deadline counts from when a process takes the task.
   */
  run(task: Task, deadlineMs?: number, place?: Place): Promise<Result>;
  /** Whether `run` would refuse a task now. */
  readonly isFull: boolean;
  readonly load: PoolLoad;
  /** The places of those that wait, in the order in which they came. */
  readonly waitingPlaces: readonly (Place | undefined)[];
  /** Of the processes that run or rest. */
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

/** Performs tasks in child processes, which are started when needed. The worker module has to call `prepareChild`. */
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

  /** Gives waiting tasks to processes, as far as there may be processes. */
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
