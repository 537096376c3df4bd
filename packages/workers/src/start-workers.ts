import type { Deps } from '@twite/core/engine';
import { type ConsumerName, consumerNames } from '@twite/core/events/event-stream';
import { makeConsumers } from './consumers.ts';
import { makeJobHandlers } from './job-handlers.ts';

/** Starts the consumers named (all by default) and the jobs; disposing waits for what is under way. */
export async function startWorkers(
  deps: Deps,
  names: readonly ConsumerName[] = consumerNames,
): Promise<AsyncDisposable> {
  const consumers = makeConsumers(deps);
  const running = new AsyncDisposableStack();
  running.use(await deps.jobs.consume(makeJobHandlers(deps)));
  for (const name of names) running.use(await deps.events.consume(name, consumers[name]));
  return running;
}
