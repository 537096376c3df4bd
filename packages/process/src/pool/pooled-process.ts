import type { ChildProcess } from 'node:child_process';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { Tinypool } from 'tinypool';

export interface PooledProcessOptions {
  /** A module whose default export performs a task, and which calls `prepareChild`. */
  readonly workerFile: string;
  /** For one task, including the start of the process. */
  readonly deadlineMs: number;
  /** The limit for JavaScript objects. */
  readonly heapMegabytes: number;
  /** The limit for the whole process, including native memory. */
  readonly memoryMegabytes: number;
}

/**
 * Why a process returned no result. `notStarted`: the machine has no process, memory or file descriptor left for it.
 */
export type ProcessFailureReason = 'notStarted' | 'ended' | 'deadline';

export class ProcessFailure extends Error {
  override readonly name = 'ProcessFailure';
  readonly reason: ProcessFailureReason;

  constructor(reason: ProcessFailureReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}

/** A child process that performs one task at a time. */
export interface PooledProcess {
  readonly pid: number | undefined;
  readonly taskCount: number;
  readonly hasEnded: boolean;
  /** Resolves when it has exited by itself or by `end`. */
  readonly ended: Promise<unknown>;
  /** The first task starts the process. Rejects with `ProcessFailure`, or with the error of the task. */
  run(task: unknown, deadlineMs?: number): Promise<unknown>;
  /** Kills it, whatever it does. Resolves when it is gone. */
  end(): Promise<void>;
}

/** Calls `act`, and passes on the child process that it creates before anything can happen to it. */
function withNewChild(act: () => void, onChild: (child: ChildProcess) => void): void {
  const listener = (message: unknown) => onChild((message as { process: ChildProcess }).process);
  subscribe('child_process', listener);
  try {
    act();
  } finally {
    unsubscribe('child_process', listener);
  }
}

const toError = (thrown: unknown): Error => {
  if (thrown instanceof Error) return thrown;
  if (typeof thrown !== 'object' || thrown === null) return new Error(String(thrown));
  return Object.assign(new Error(), thrown);
};

/**
 * tinypool starts the process, loads the module and transfers tasks and results. It gets a pool of one process here,
 * because its own queue gets stuck when a process does not start, and a task that hangs could not be distinguished from
 * others. Its handle of the process is private, so Node's diagnostics channel provides it: for SIGKILL, and for the
 * errors of a failed start, which tinypool 2.2 does not listen for in every case.
 */
export function createPooledProcess(options: PooledProcessOptions): PooledProcess {
  const pool = new Tinypool({
    runtime: 'child_process',
    filename: options.workerFile,
    minThreads: 0,
    maxThreads: 1,
    // Longer than any process lives here: the owner ends it.
    idleTimeout: 2 ** 31 - 1,
    // The environment may contain secrets, and no task needs it.
    env: {},
    argv: [String(options.memoryMegabytes)],
    execArgv: [...process.execArgv, `--max-old-space-size=${options.heapMegabytes}`],
  });
  // Each is also seen on the child itself.
  pool.on('error', () => undefined);
  let child: ChildProcess | undefined;
  let taskCount = 0;
  let lateAfterMs: number | undefined;
  let failure: ProcessFailure | undefined;
  const { promise: ended, resolve: markEnded } = Promise.withResolvers<ProcessFailure>();

  const fail = (reason: ProcessFailureReason, message: string, cause?: unknown): void => {
    failure ??= new ProcessFailure(reason, message, { cause });
    markEnded(failure);
  };

  const watch = (started: ChildProcess): void => {
    child = started;
    // A failed start may leave it without `send`, and tinypool calls it before it listens for the error.
    started.send = () => false;
    started.once('exit', (code, signal) => {
      if (lateAfterMs !== undefined) fail('deadline', `a task took longer than ${lateAfterMs} ms`);
      else fail('ended', `a process ended during its task (${signal ?? `exit code ${code}`})`);
    });
    started.on('error', (error) => {
      if (started.pid !== undefined) return;
      fail('notStarted', 'a process could not be started', error);
      // tinypool waits for this before it releases what would keep our process alive.
      setImmediate(() => started.emit('exit', null, null));
    });
  };

  const submit = (task: unknown): Promise<unknown> => {
    taskCount += 1;
    if (child !== undefined) return pool.run(task);
    let result: Promise<unknown> | undefined;
    try {
      withNewChild(() => {
        result = pool.run(task);
      }, watch);
    } catch (error) {
      fail('notStarted', 'a process could not be started', error);
    }
    return result ?? ended;
  };

  const end = async (): Promise<void> => {
    if (child === undefined || failure !== undefined) return;
    // Otherwise our own process could exit before it knows.
    child.ref();
    child.kill('SIGKILL');
    await ended;
  };

  return {
    get pid() {
      return child?.pid;
    },
    get taskCount() {
      return taskCount;
    },
    get hasEnded() {
      return failure !== undefined;
    },
    ended,
    end,
    async run(task, deadlineMs = options.deadlineMs) {
      const deadline = setTimeout(() => {
        lateAfterMs = deadlineMs;
        void end();
      }, deadlineMs);
      try {
        const failed = ended.then((reason) => Promise.reject(reason));
        return await Promise.race([submit(task), failed]);
      } catch (error) {
        throw failure ?? toError(error);
      } finally {
        clearTimeout(deadline);
      }
    },
  };
}
