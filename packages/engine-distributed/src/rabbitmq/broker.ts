import { type EngineObserver, observeNothing } from '@twite/core/measures/engine-observer';
import type { Log } from '../log.ts';
import type { Databases } from '../mongodb/databases.ts';
import type { ParkedChanges } from '../relay/parked-changes.ts';
import { openRabbit, type Rabbit } from './connection.ts';
import { drainDeadLetters } from './dead-letters.ts';
import type { Consuming } from './deliveries.ts';
import { publishDueJobs } from './due-jobs.ts';
import { RabbitEventStream } from './event-stream.ts';
import { type JobConcurrency, RabbitJobQueue } from './job-queue.ts';
import type { ParkedMessages } from './parked.ts';
import { openProgress, type Progress } from './progress.ts';
import { type ProgressReport, readOwnProgress } from './progress-report.ts';
import { openPublisher, type Publisher } from './publisher.ts';
import type { ScheduledJobs } from './scheduled.ts';
import { settle } from './settle.ts';
import { keepTopology, type Names, namesIn, type Topology } from './topology.ts';
import { RabbitWorkQueues } from './work-queues.ts';

/** Everything that uses RabbitMQ. */
export interface Broker extends AsyncDisposable {
  readonly rabbit: Rabbit;
  readonly names: Names;
  readonly topology: Topology;
  readonly publisher: Publisher;
  readonly progress: Progress;
  readonly events: RabbitEventStream;
  readonly jobs: RabbitJobQueue;
  readonly queues: RabbitWorkQueues;
  /** Parks the dead letters of the broker; may run in one or more workers. */
  drainDeadLetters(): Promise<AsyncDisposable>;
  settled(deployments: Databases['deployments']): Promise<void>;
  /** Resolves when the broker answers; rejects with `Unavailable`. */
  ping(): Promise<void>;
}

/**
 * Opens without waiting for the broker. Disposing, which comes after the relay, stops consumers and waits for handlers
 * and confirms.
 */
export function openBroker(options: {
  readonly url: string;
  readonly namespace: string;
  readonly parked: ParkedMessages;
  readonly changes: ParkedChanges;
  readonly scheduled: ScheduledJobs;
  readonly log: Log;
  readonly observe?: EngineObserver | undefined;
  readonly isAnswering: Consuming['isAnswering'];
  readonly jobConcurrency?: JobConcurrency | undefined;
  /** Collects the progress of other processes. Without it, the list of queues covers this process only. */
  readonly openReport?: ((progress: Progress) => ProgressReport) | undefined;
}): Broker {
  const { url, namespace, parked, changes, scheduled, log, observe = observeNothing } = options;
  const { isAnswering, jobConcurrency, openReport } = options;
  const rabbit = openRabbit({ url, log, name: namespace });
  const names = namesIn(namespace);
  const topology = keepTopology(rabbit, names);
  const publisher = openPublisher({ rabbit, topology, log, observe });
  const progress = openProgress();
  const report = openReport?.(progress);
  const running = new Set<AsyncDisposable>();
  const consuming: Consuming = { rabbit, topology, parked, progress, observe, log, isAnswering, running };
  const dueJobs = { scheduled, publisher, names, observe, log };
  return {
    rabbit,
    names,
    topology,
    publisher,
    progress,
    events: new RabbitEventStream(consuming, names),
    jobs: new RabbitJobQueue(consuming, dueJobs, jobConcurrency),
    queues: new RabbitWorkQueues({
      rabbit,
      names,
      publisher,
      parked,
      changes,
      scheduled,
      progress: report ?? { read: () => readOwnProgress(progress) },
      observe,
    }),
    drainDeadLetters: () => drainDeadLetters(consuming, names),
    settled: (deployments) =>
      settle({
        progress,
        publisher,
        names,
        deployments,
        publishDueJobs: () => publishDueJobs(dueJobs),
      }),
    ping: () => rabbit.ping(),
    async [Symbol.asyncDispose]() {
      await Promise.all([...running].map((consumer) => consumer[Symbol.asyncDispose]()));
      await report?.[Symbol.asyncDispose]();
      await publisher[Symbol.asyncDispose]();
      await rabbit[Symbol.asyncDispose]();
    },
  };
}
