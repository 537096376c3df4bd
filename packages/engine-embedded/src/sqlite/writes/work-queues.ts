import type { WriteContext } from '../write-context.ts';

/** A JSON array of their numbers, or null for all. */
interface Selection {
  readonly numbers: string | null;
}

interface EventSelection extends Selection {
  readonly consumer: string;
}

const chosenEvents = 'consumer = ?1 AND (?2 IS NULL OR seq IN (SELECT value FROM json_each(?2)))';
const chosenJobs = '(?1 IS NULL OR job_id IN (SELECT value FROM json_each(?1)))';

/** Appends them again, for their consumer alone: they come in its own turn, as any other event. */
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

/** Enqueues them again, as new jobs. */
export function replayParkedJobs(context: WriteContext, { numbers }: Selection): number {
  context.run(
    `INSERT INTO jobs (payload, at) SELECT payload, ?2 FROM parked_jobs WHERE ${chosenJobs} ORDER BY job_id`,
    numbers,
    Date.now(),
  );
  return dropParkedJobs(context, { numbers });
}

export function dropParkedJobs(context: WriteContext, { numbers }: Selection): number {
  return context.run(`DELETE FROM parked_jobs WHERE ${chosenJobs}`, numbers);
}
