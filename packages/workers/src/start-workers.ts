import { type ConsumerName, consumerNames } from '@twite/core/events/event-stream';
import { type JobQueueName, jobClasses, jobQueueNameOf, jobQueueNames } from '@twite/core/jobs/job-catalogue';
import { makeConsumers } from './consumers.ts';
import { makeJobHandlers } from './job-handlers.ts';
import type { WorkerDeps } from './worker-deps.ts';

/**
 * What a worker can be told to do: consume the events of a consumer, or work on the jobs of all classes (`jobs`) or of one
 * (`jobs.media`).
 */
export type WorkName = ConsumerName | 'jobs' | JobQueueName;

/** Everything, each once. */
export const allWork: readonly WorkName[] = [...consumerNames, 'jobs'];

export const workNames: readonly WorkName[] = [...allWork, ...jobQueueNames];

/** Starts what is named, all by default; disposing waits for what is under way. */
export async function startWorkers(
  deps: WorkerDeps,
  names: readonly WorkName[] = allWork,
): Promise<AsyncDisposable> {
  const consumers = makeConsumers(deps);
  const classes = jobClasses.filter(
    (jobClass) => names.includes('jobs') || names.includes(jobQueueNameOf(jobClass)),
  );
  await using starting = new AsyncDisposableStack();
  // Together: while the broker is away each waits for a moment.
  const started = await Promise.all([
    ...consumerNames
      .filter((name) => names.includes(name))
      .map((name) => deps.events.consume(name, consumers[name])),
    ...(classes.length > 0 ? [deps.jobs.consume(classes, makeJobHandlers(deps))] : []),
  ]);
  for (const each of started) starting.use(each);
  return starting.move();
}
