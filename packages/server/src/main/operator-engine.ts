import type { Clock } from '@twite/core/clock';
import type { Settings } from '@twite/core/engine';
import type { EngineObserver } from '@twite/core/measures/engine-observer';
import { type EmbeddedEngine, type Log, openEmbeddedEngine } from '@twite/engine-embedded';
import { OperatorError } from '@twite/process/operator-error';

interface Options {
  readonly location: string;
  readonly clock: Clock;
  readonly settings: Settings;
  readonly cacheBytes?: number;
  readonly exclusive?: boolean;
  readonly log?: Log;
  readonly observe?: EngineObserver;
}

/** Opens the embedded engine. Errors that the operator can fix are `OperatorError`s. */
export const openForOperator = (options: Options): Promise<EmbeddedEngine> =>
  explainingErrors(() => openEmbeddedEngine(options));

/** Calls an engine. Errors that the operator can fix become `OperatorError`s. */
export async function explainingErrors<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    // By name: each engine has its own class.
    const { name, message, isTransient = false } = error as Error & { readonly isTransient?: boolean };
    if (name !== 'EngineOpenError') throw error;
    throw new OperatorError(message, { cause: error, isTransient });
  }
}

export const systemClock: Clock = { now: () => Date.now() };
