import type { Log } from './log.ts';

/** Does something every so often, one at a time; disposing waits for the one under way. A failure is told, and tried again. */
export function repeat(
  what: string,
  everyMs: number,
  act: () => Promise<unknown>,
  log: Log,
): AsyncDisposable {
  let underWay: Promise<void> | undefined;
  const turn = async () => {
    try {
      await act();
    } catch (error) {
      log({ level: 'warn', msg: 'upkeep failed', task: what, err: error });
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
      await underWay;
    },
  };
}
