import { ContractError } from '@twite/contract';
import type { CallOutcome, EngineObserver } from '@twite/core/measures/engine-observer';
import type { Writer } from './writer.ts';

const outcomeOf = (error: unknown): CallOutcome =>
  error instanceof ContractError && error.code === 'unavailable' ? 'unavailable' : 'failed';

/** Measures writes as calls to `sqlite`: from the request to the commit. */
export const observedWriter = (writer: Writer, observe: EngineObserver): Writer => ({
  async run(name, args) {
    const startMs = performance.now();
    const called = (outcome: CallOutcome) =>
      observe.called('sqlite', outcome, (performance.now() - startMs) / 1_000);
    try {
      const result = await writer.run(name, args);
      called('answered');
      return result;
    } catch (error) {
      called(outcomeOf(error));
      throw error;
    }
  },
  get isFull() {
    return writer.isFull;
  },
  failed: writer.failed,
  close: () => writer.close(),
});
