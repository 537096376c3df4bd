import type { EngineObserver } from '@twite/core/measures/engine-observer';
import type { DependencyName } from '@twite/core/unavailable';
import { logMissing } from './connections.ts';
import { type CallGuard, createDependency, type Dependency } from './dependency.ts';
import type { Log } from './log.ts';
import type { Collections } from './mongodb/databases.ts';
import { type Broker, openBroker } from './rabbitmq/broker.ts';
import type { JobConcurrency } from './rabbitmq/job-queue.ts';
import type { ParkedMessages } from './rabbitmq/parked.ts';
import { openProgressReport } from './rabbitmq/progress-report.ts';
import type { ScheduledJobs } from './rabbitmq/scheduled.ts';
import type { ParkedChanges } from './relay/parked-changes.ts';

/** RabbitMQ and its status. The broker guards its calls itself. */
export interface Messaging extends AsyncDisposable {
  readonly broker: Broker;
  readonly dependency: Dependency;
}

const brokerDeadlineMs = 2_000;

/** Opens without waiting for the broker: it connects in the background. */
export function openMessaging(options: {
  readonly url: string;
  readonly namespace: string;
  readonly parked: ParkedMessages;
  readonly changes: ParkedChanges;
  readonly scheduled: ScheduledJobs;
  readonly log: Log;
  readonly observe: EngineObserver;
  /** Whether a dependency answers a ping right now. */
  readonly isAnswering: (dependency: DependencyName) => Promise<boolean>;
  readonly jobConcurrency: JobConcurrency | undefined;
  /** For progress reports, which other processes read. */
  readonly collections: Pick<Collections, 'queueProgress'>;
  readonly mongodb: Pick<CallGuard, 'call'>;
  readonly processId: string;
}): Messaging {
  const { collections, mongodb, processId, log, url } = options;
  const broker = openBroker({
    ...options,
    openReport(progress) {
      const report = openProgressReport({ collections, progress, processId, log });
      return {
        read: () => mongodb.call(() => report.read()),
        [Symbol.asyncDispose]: () => report[Symbol.asyncDispose](),
      };
    },
  });
  const dependency = createDependency({
    name: 'rabbitmq',
    degrades:
      'New posts wait in the primary store; they reach timelines, search and counts after it is back.',
    deadlineMs: brokerDeadlineMs,
    isUnavailable: () => true,
    ping: () => broker.ping(),
    log,
    observe: options.observe,
  });
  void logMissing(dependency, url, 'TWITE_RABBITMQ_URL', log);
  return { broker, dependency, [Symbol.asyncDispose]: () => broker[Symbol.asyncDispose]() };
}
