import type { JobClass } from '@twite/core/jobs/job-catalogue';
import type { WriteContext } from '../write-context.ts';

/** A JSON array of message numbers, or null for all. */
interface Selection {
  readonly numbers: string | null;
}

interface EventSelection extends Selection {
  readonly consumer: string;
}

const chosenEvents = 'consumer = ?1 AND (?2 IS NULL OR seq IN (SELECT value FROM json_each(?2)))';
const chosenJobs = 'class = ?1 AND (?2 IS NULL OR job_id IN (SELECT value FROM json_each(?2)))';

interface JobSelection extends Selection {
  readonly jobClass: JobClass;
}

/** Appends the events again, for their consumer alone: they are delivered in order like any other event. */
export function replayParkedEvents(context: WriteContext, { consumer, numbers }: EventSelection): number {
  context.run(
    `INSERT INTO events (payload, consumer, at)
     SELECT payload, consumer, ?3 FROM parked_events WHERE ${chosenEvents} ORDER BY seq`,
    consumer,
    numbers,
    Date.now(),
  );
  return dropParkedEvents(context, { consumer, numbers });
}

export function dropParkedEvents(context: WriteContext, { consumer, numbers }: EventSelection): number {
  return context.run(`DELETE FROM parked_events WHERE ${chosenEvents}`, consumer, numbers);
}

/** Enqueues the jobs again, as new jobs. */
export function replayParkedJobs(context: WriteContext, { jobClass, numbers }: JobSelection): number {
  context.run(
    `INSERT INTO jobs (class, payload, at)
     SELECT class, payload, ?3 FROM parked_jobs WHERE ${chosenJobs} ORDER BY job_id`,
    jobClass,
    numbers,
    Date.now(),
  );
  return dropParkedJobs(context, { jobClass, numbers });
}

export function dropParkedJobs(context: WriteContext, { jobClass, numbers }: JobSelection): number {
  return context.run(`DELETE FROM parked_jobs WHERE ${chosenJobs}`, jobClass, numbers);
}
