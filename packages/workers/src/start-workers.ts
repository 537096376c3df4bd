import type { Deps } from '@twite/core/engine';
import { consumerNames } from '@twite/core/events/event-stream';
import { makeConsumers } from './consumers.ts';
import { makeJobHandlers } from './job-handlers.ts';

/** What a worker can be told to do: consume the events of a consumer, or work on jobs. */
export const workNames = [...consumerNames, 'jobs'] as const;
export type WorkName = (typeof workNames)[number];

/** Starts what is named, all by default; disposing waits for what is under way. */
export async function startWorkers(
  deps: Deps,
  names: readonly WorkName[] = workNames,
): Promise<AsyncDisposable> {
  const consumers = makeConsumers(deps);
  await using starting = new AsyncDisposableStack();
  for (const name of names) {
    if (name === 'jobs') starting.use(await deps.jobs.consume(makeJobHandlers(deps)));
    else starting.use(await deps.events.consume(name, consumers[name]));
  }
  return starting.move();
}
