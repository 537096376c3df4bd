import type { Log } from './log.ts';

/**
 * Runs a task at an interval, one run at a time. A failed run is logged, and the next one retries. Disposing aborts the
 * signal of the current run and waits for it.
 */
export function repeat(
  task: string,
  everyMs: number,
  run: (signal: AbortSignal) => Promise<unknown>,
  log: Log,
): AsyncDisposable {
  const disposing = new AbortController();
  const { signal } = disposing;
  let underWay: Promise<void> | undefined;
  const turn = async () => {
    try {
      await run(signal);
    } catch (error) {
      if (!signal.aborted) log({ level: 'warn', msg: 'upkeep failed', task, err: error });
    }
  };
  const timer = setInterval(() => {
    underWay ??= turn().finally(() => {
      underWay = undefined;
    });
  }, everyMs).unref();
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      disposing.abort();
      await underWay;
    },
  };
}
