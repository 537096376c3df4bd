/**
 * Jobs of one class share a queue and its workers. A long job delays only its own class: readers wait for `fanOut`,
 * `reconcile` makes stored data agree with a change, `media` processes files.
 */
export const jobClasses = ['fanOut', 'reconcile', 'media'] as const;
export type JobClass = (typeof jobClasses)[number];

/** The retry delay of a failed job: `firstMs` after the first failure, doubled after each further failure. */
export interface Backoff {
  /** Milliseconds. */
  readonly firstMs: number;
  /** Milliseconds; the maximum delay. */
  readonly maxMs: number;
}

interface JobDefinition {
  readonly class: JobClass;
  /** Null: it is retried within a second and keeps its position in the queue. */
  readonly backoff: Backoff | null;
  /** Its fields, which hold ids only: the referenced records may change before the job is done. */
  readonly payload: readonly string[];
}

const mediaBackoff: Backoff = { firstMs: 2_000, maxMs: 300_000 };

/** All jobs. To add one, add a row here and a handler in `workers`; queues, messages and metrics derive from this. */
export const jobCatalogue = {
  /** Pushes a post to the followers after a position in the list of followers. */
  fanOutPost: {
    class: 'fanOut',
    backoff: null,
    payload: ['postId', 'authorId', 'afterFollowId'],
  },
  /** Rebuilds the home timeline of an account, unless it is ready. */
  rebuildTimeline: { class: 'reconcile', backoff: null, payload: ['accountId'] },
  /** Makes the counts of other records agree with an account's status. Erases the traces of a deleted account. */
  settleAccount: { class: 'reconcile', backoff: null, payload: ['accountId'] },
  /** Erases the likes, replies and media of a deleted post. */
  purgePost: { class: 'reconcile', backoff: null, payload: ['postId'] },
  /** Converts an uploaded video into the served format. */
  processVideo: { class: 'media', backoff: mediaBackoff, payload: ['mediaId'] },
  /** Deletes the objects of a removed medium, then its record. */
  purgeMedia: { class: 'media', backoff: mediaBackoff, payload: ['mediaId'] },
  /** Withholds or reinstates the objects of an account by its status, starting at this position in its media. */
  settleMedia: { class: 'media', backoff: mediaBackoff, payload: ['accountId', 'afterMediaId'] },
} as const satisfies Readonly<Record<string, JobDefinition>>;

type Catalogue = typeof jobCatalogue;
export type JobName = keyof Catalogue;
export type JobNameOf<C extends JobClass> = {
  [N in JobName]: Catalogue[N]['class'] extends C ? N : never;
}[JobName];

type PayloadOf<N extends JobName> = { readonly [F in Catalogue[N]['payload'][number]]: string };

export type JobOf<N extends JobName> = { [M in N]: { readonly name: M } & PayloadOf<M> }[N];

/** Work to be done at least once. Imperative, with ids only. */
export type Job = JobOf<JobName>;

const isJobName = (name: unknown): name is JobName =>
  typeof name === 'string' && Object.hasOwn(jobCatalogue, name);

/** The definition for a name that may come from a newer release. */
export const definitionOf = (name: unknown): JobDefinition | undefined =>
  isJobName(name) ? jobCatalogue[name] : undefined;

/** The class of a job. A job that this release does not know goes to `reconcile`, where it is parked. */
export const classOfJob = ({ name }: { readonly name: string }): JobClass =>
  definitionOf(name)?.class ?? 'reconcile';

/** The name of a class's queue, as shown to administrators. */
export const jobQueueNameOf = <C extends JobClass>(jobClass: C): `jobs.${C}` => `jobs.${jobClass}`;

export type JobQueueName = `jobs.${JobClass}`;
export const jobQueueNames: readonly JobQueueName[] = jobClasses.map(jobQueueNameOf);

/** The class of the queue with this name. Undefined if it is not a job queue. */
export const jobClassOfQueue = (queue: string): JobClass | undefined =>
  jobClasses.find((jobClass) => jobQueueNameOf(jobClass) === queue);

/**
 * The delay after the nth failure in milliseconds: the backoff plus up to a quarter of jitter, so that jobs that failed
 * together do not retry together.
 */
export function backoffMs({ firstMs, maxMs }: Backoff, failures: number, random = Math.random): number {
  const waitMs = Math.min(maxMs, firstMs * 2 ** Math.min(failures - 1, 52));
  return Math.round(waitMs * (1 + random() / 4));
}
