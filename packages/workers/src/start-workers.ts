import { type ConsumerName, consumerNames } from '@twite/core/events/event-stream';
import { type JobQueueName, jobClasses, jobQueueNameOf, jobQueueNames } from '@twite/core/jobs/job-catalogue';
import { makeConsumers } from './consumers.ts';
import { makeJobHandlers } from './job-handlers.ts';
import type { WorkerDeps } from './worker-deps.ts';

/**
 * The kinds of work of a worker: consume the events of a consumer, or run the jobs of all classes (`jobs`) or of one
 * (`jobs.media`).
 */
export type WorkName = ConsumerName | 'jobs' | JobQueueName;

/** All kinds of work, each once. */
export const allWork: readonly WorkName[] = [...consumerNames, 'jobs'];

export const workNames: readonly WorkName[] = [...allWork, ...jobQueueNames];

/** Starts the named work, all by default. Disposing waits for work in progress. */
export async function startWorkers(
  deps: WorkerDeps,
  names: readonly WorkName[] = allWork,
): Promise<AsyncDisposable> {
  const consumers = makeConsumers(deps);
  const classes = jobClasses.filter(
    (jobClass) => names.includes('jobs') || names.includes(jobQueueNameOf(jobClass)),
  );
  const consume = <C extends ConsumerName>(name: C) => deps.events.consume<C>(name, consumers[name]);
  await using starting = new AsyncDisposableStack();
  // Concurrently: while the broker is unavailable, each waits for a moment.
  const started = await Promise.all([
    ...consumerNames.filter((name) => names.includes(name)).map(consume),
    ...(classes.length > 0 ? [deps.jobs.consume(classes, makeJobHandlers(deps))] : []),
  ]);
  for (const each of started) starting.use(each);
  return starting.move();
}
