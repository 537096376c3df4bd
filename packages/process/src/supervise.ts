import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { type SupervisedMessage, supervisedVariable } from './follow-parent.ts';
import { surviveFullOutput } from './survive-full-output.ts';

export interface SupervisedModule {
  /** The file to run with this process's Node and its options. */
  readonly module: string;
  readonly args: readonly string[];
}

export interface RestartPolicy {
  readonly firstDelayMs: number;
  readonly longestDelayMs: number;
  /** A process that served this long has recovered: the next failure counts as the first again. */
  readonly healthyMs: number;
  /** From 0 up to but not including 1. */
  readonly random: () => number;
}

const defaultPolicy: RestartPolicy = {
  firstDelayMs: 1_000,
  longestDelayMs: 60_000,
  healthyMs: 60_000,
  random: Math.random,
};

/** Exponential, with a quarter of jitter in either direction. */
export const restartDelayMs = (failures: number, policy: RestartPolicy): number =>
  Math.round(
    Math.min(policy.longestDelayMs, policy.firstDelayMs * 2 ** (failures - 1)) * (0.75 + policy.random() / 2),
  );

interface End {
  readonly exitCode: number;
  readonly why: string;
  /** How long it served; undefined when it was never ready. */
  readonly servedMs: number | undefined;
  readonly wasRefused: boolean;
}

// SIGHUP: the terminal was closed.
const signals = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;

/** Resolves when the child is gone. */
async function watch(child: ChildProcess): Promise<End> {
  let readyAt: number | undefined;
  let wasRefused = false;
  let reason: string | undefined;
  child.on('message', (message: SupervisedMessage) => {
    if (message.twite === 'ready') readyAt = performance.now();
    else if (message.twite === 'refused') wasRefused = true;
    else if (message.twite === 'failed') reason = message.reason;
  });
  const ended = once(child, 'close').catch((error: Error) => {
    // It could not be started, for example because there is no memory for another process.
    reason = error.message;
    return [1, null];
  });
  const [code, signal] = (await ended) as [number | null, NodeJS.Signals | null];
  return {
    exitCode: code ?? 128 + (signal === null ? 0 : constants.signals[signal]),
    why: reason ?? (signal === null ? `exit code ${code}` : `killed by ${signal}`),
    servedMs: readyAt === undefined ? undefined : performance.now() - readyAt,
    wasRefused,
  };
}

/**
 * Runs a module as a child process and restarts it, with backoff, when it fails after it has served. Signals are passed
 * to the child, which exits when this process exits, however that happens. Resolves with the exit code for this
 * process: the child's, when it was stopped, refused to start, or never served.
 */
export async function supervise(
  { module, args }: SupervisedModule,
  policy: RestartPolicy = defaultPolicy,
): Promise<number> {
  surviveFullOutput();
  const stopped = new AbortController();
  let child: ChildProcess | undefined;
  const forward = (signal: NodeJS.Signals) => {
    stopped.abort();
    child?.kill(signal === 'SIGHUP' ? 'SIGTERM' : signal);
  };
  for (const signal of signals) process.on(signal, forward);
  try {
    let hasServed = false;
    for (let failures = 0; ; ) {
      child = fork(module, [...args], {
        env: { ...process.env, [supervisedVariable]: '1' },
        stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
        // A separate process group: Ctrl-C would otherwise reach the child twice, and the second time means "at once".
        detached: true,
      });
      const { exitCode, why, servedMs, wasRefused } = await watch(child);
      child = undefined;
      hasServed ||= servedMs !== undefined;
      if (stopped.signal.aborted || exitCode === 0 || wasRefused || !hasServed) return exitCode;
      failures = servedMs !== undefined && servedMs >= policy.healthyMs ? 1 : failures + 1;
      const delayMs = restartDelayMs(failures, policy);
      process.stderr.write(
        `twite: the server exited (${why}); restarting in ${(delayMs / 1000).toFixed(1)} s\n`,
      );
      await wait(delayMs, undefined, { signal: stopped.signal }).catch(() => undefined);
      if (stopped.signal.aborted) return 0;
    }
  } finally {
    for (const signal of signals) process.off(signal, forward);
  }
}
