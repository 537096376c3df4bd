import { endProcessWith, type ProcessLike, type Running } from './end-process.ts';
import { tellSupervisor } from './follow-parent.ts';
import type { Logger } from './logger.ts';

const never = new Promise<never>(() => {});

/**
 * Starts a program as this process and ends it on signals, even while it starts: then `signal` is aborted. Rejects with
 * the error of `start`, unless a signal ended it.
 */
export async function runUntilSignal<R extends Running>(
  start: (signal: AbortSignal) => Promise<R>,
  log: Pick<Logger, 'info' | 'fatal'>,
  target?: ProcessLike,
): Promise<R | undefined> {
  const starting = new AbortController();
  const started = start(starting.signal);
  endProcessWith(
    {
      failed: started.then(
        ({ failed }) => failed,
        () => never,
      ),
      async close() {
        starting.abort();
        const running = await started.catch(() => undefined);
        await running?.close();
      },
    },
    log,
    target,
  );
  try {
    const running = await started;
    tellSupervisor({ twite: 'ready' });
    return running;
  } catch (error) {
    if (starting.signal.aborted) return undefined;
    throw error;
  }
}
