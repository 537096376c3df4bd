import type { Clock } from '@twite/core/clock';
import type { Settings } from '@twite/core/engine';
import { type EmbeddedEngine, EngineOpenError, type Log, openEmbeddedEngine } from '@twite/engine-embedded';
import { OperatorError } from '@twite/process/operator-error';

interface Options {
  readonly location: string;
  readonly clock: Clock;
  readonly settings: Settings;
  readonly exclusive?: boolean;
  readonly log?: Log;
}

/** Opens the embedded engine; what the operator can mend is an `OperatorError`. */
export async function openForOperator(options: Options): Promise<EmbeddedEngine> {
  try {
    return await openEmbeddedEngine(options);
  } catch (error) {
    if (error instanceof EngineOpenError) {
      throw new OperatorError(error.message, { cause: error, isTransient: error.isTransient });
    }
    throw error;
  }
}

export const systemClock: Clock = { now: () => Date.now() };
