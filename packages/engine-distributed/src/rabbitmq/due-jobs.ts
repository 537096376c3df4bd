import { jobQueueNameOf } from '@twite/core/jobs/job-catalogue';
import type { EngineObserver } from '@twite/core/measures/engine-observer';
import type { Log } from '../log.ts';
import { writeJob } from './messages.ts';
import { pause } from './pause.ts';
import type { Publisher } from './publisher.ts';
import type { LeasedJob, ScheduledJobs } from './scheduled.ts';
import type { Names } from './topology.ts';

const LEASED_MAX = 200;
/** The maximum delay until this process sees jobs that another process scheduled. */
const LOOK_MS = 1_000;

export interface DueJobsParts {
  readonly scheduled: ScheduledJobs;
  readonly publisher: Publisher;
  readonly names: Names;
  readonly observe: EngineObserver;
  readonly log: Log;
}

/**
 * Publishes all due jobs to the queues of their classes. A job is removed after the broker has it: at-least-once
 * delivery.
 */
export async function publishDueJobs({ scheduled, publisher, names, observe }: DueJobsParts): Promise<void> {
  const publish = async ({ jobClass, job, failures, backoff, runAt, traceparent }: LeasedJob) => {
    await publisher.publish({
      exchange: '',
      routingKey: names.queueOf(jobQueueNameOf(jobClass)),
      body: writeJob({ job, failures, backoff }),
      at: runAt,
      traceparent,
    });
    observe.published('job');
  };
  for (;;) {
    const due = await scheduled.lease(LEASED_MAX);
    await Promise.all(due.map(publish));
    await scheduled.remove(due.map(({ scheduleId }) => scheduleId));
    if (due.length < LEASED_MAX) return;
  }
}

/**
 * Watches for jobs of every class that become due. Any process may do so, and several share the work. Disposing waits
 * for the publishing in progress.
 */
export function watchDueJobs(parts: DueJobsParts): AsyncDisposable {
  const stopping = new AbortController();
  /** Milliseconds; negative when a job is due. */
  const untilNextMs = async (): Promise<number> => {
    const nextAt = await parts.scheduled.nextAt();
    return nextAt === null ? LOOK_MS : Math.min(LOOK_MS, nextAt - Date.now());
  };
  const run = async () => {
    for (let failures = 0; !stopping.signal.aborted; ) {
      let waitMs = LOOK_MS;
      try {
        waitMs = await untilNextMs();
        if (waitMs <= 0) {
          await publishDueJobs(parts);
          waitMs = Math.max(0, await untilNextMs());
        }
        failures = 0;
      } catch (error) {
        failures += 1;
        if (failures === 1) parts.log({ level: 'warn', msg: 'due jobs not published', err: error });
      }
      await pause(waitMs, stopping.signal);
    }
  };
  const running = run();
  return {
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await running;
    },
  };
}
