import { constants } from 'node:os';
import { tellSupervisor } from './follow-parent.ts';
import type { Logger } from './logger.ts';

/** The required parts of `process`: tests use their own. */
export interface ProcessLike {
  on(event: string, listener: (value: unknown) => void): unknown;
  exit(code: number): void;
}

/** A program that runs in this process until a signal arrives. */
export interface Running {
  /** Shuts down gracefully. */
  close(): Promise<void>;
  /** Resolves when it can no longer be trusted and the process must exit. */
  readonly failed: Promise<Error>;
}

const signals = ['SIGTERM', 'SIGINT'] as const;

/**
 * Decides how the process ends: a first signal stops it gracefully with code 0, a second one at once; a failed engine
 * or an uncaught error ends it with code 1, since its memory can no longer be trusted.
 */
export function endProcessWith(
  running: Running,
  log: Pick<Logger, 'info' | 'fatal'>,
  target: ProcessLike = process,
): void {
  let stopping = false;

  const stop = async (signal: (typeof signals)[number]): Promise<void> => {
    if (stopping) {
      log.info({ signal }, 'shutdown forced');
      return target.exit(128 + constants.signals[signal]);
    }
    stopping = true;
    log.info({ signal }, 'shutdown started');
    try {
      await running.close();
    } catch (err) {
      log.fatal({ err }, 'shutdown failed');
      return target.exit(1);
    }
    log.info('shutdown completed');
    target.exit(0);
  };

  const die = (
    err: unknown,
    message: 'uncaught exception' | 'unhandled rejection' | 'engine failed',
  ): void => {
    log.fatal({ err }, message);
    tellSupervisor({ twite: 'failed', reason: err instanceof Error ? err.message : String(err) });
    target.exit(1);
  };

  for (const signal of signals) target.on(signal, () => void stop(signal));
  target.on('uncaughtException', (error) => die(error, 'uncaught exception'));
  target.on('unhandledRejection', (error) => die(error, 'unhandled rejection'));
  void running.failed.then((error) => die(error, 'engine failed'));
}
