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
  const start = (name: WorkName): Promise<AsyncDisposable> =>
    name === 'jobs' ? deps.jobs.consume(makeJobHandlers(deps)) : deps.events.consume(name, consumers[name]);
  // Together: while the broker is away each waits for a moment.
  for (const started of await Promise.all(names.map(start))) starting.use(started);
  return starting.move();
}
