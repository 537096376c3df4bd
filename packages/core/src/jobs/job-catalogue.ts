/**
 * Jobs of one class share a queue, and the workers that take from it. A long job delays only those of its own class:
 * `fanOut` is what readers wait for, `reconcile` makes stored data agree with a change, `media` works on files.
 */
export const jobClasses = ['fanOut', 'reconcile', 'media'] as const;
export type JobClass = (typeof jobClasses)[number];

/** How long a job that failed waits: `firstMs` after the first failure, twice as long after each further one. */
export interface Backoff {
  /** Milliseconds. */
  readonly firstMs: number;
  /** Milliseconds; the longest wait. */
  readonly maxMs: number;
}

interface JobDefinition {
  readonly class: JobClass;
  /** Null: it is tried again at once, within a second, in the place that it has. */
  readonly backoff: Backoff | null;
  /** Its fields, which hold ids only: what they name may change before the job is done. */
  readonly payload: readonly string[];
}

const mediaBackoff: Backoff = { firstMs: 2_000, maxMs: 300_000 };

/** Every job there is. A new one is a row here and its handler in `workers`; queues, messages and metrics derive from it. */
export const jobCatalogue = {
  /** Pushes a post to the followers after a place in the list of them. */
  fanOutPost: {
    class: 'fanOut',
    backoff: null,
    payload: ['postId', 'authorId', 'afterFollowId'],
  },
  /** Rebuilds the home timeline of an account, unless it is ready. */
  rebuildTimeline: { class: 'reconcile', backoff: null, payload: ['accountId'] },
  /** Makes the counts of others agree with an account's status; erases the traces of a deleted one. */
  settleAccount: { class: 'reconcile', backoff: null, payload: ['accountId'] },
  /** Erases likes, replies and media of a deleted post. */
  purgePost: { class: 'reconcile', backoff: null, payload: ['postId'] },
  /** Turns an uploaded video into what is served. */
  processVideo: { class: 'media', backoff: mediaBackoff, payload: ['mediaId'] },
  /** Deletes the objects of a removed medium, then its record. */
  purgeMedia: { class: 'media', backoff: mediaBackoff, payload: ['mediaId'] },
  /** Withholds or reinstates the objects of an account after its status, from this place in its media. */
  settleMedia: { class: 'media', backoff: mediaBackoff, payload: ['accountId', 'afterMediaId'] },
} as const satisfies Readonly<Record<string, JobDefinition>>;

type Catalogue = typeof jobCatalogue;
export type JobName = keyof Catalogue;
export type JobNameOf<C extends JobClass> = {
  [N in JobName]: Catalogue[N]['class'] extends C ? N : never;
}[JobName];

type PayloadOf<N extends JobName> = { readonly [F in Catalogue[N]['payload'][number]]: string };

export type JobOf<N extends JobName> = { [M in N]: { readonly name: M } & PayloadOf<M> }[N];

/** Work to be done once or more: imperative, and with ids only. */
export type Job = JobOf<JobName>;

const isJobName = (name: unknown): name is JobName =>
  typeof name === 'string' && Object.hasOwn(jobCatalogue, name);

/** The row of a name that may come from a newer release. */
export const definitionOf = (name: unknown): JobDefinition | undefined =>
  isJobName(name) ? jobCatalogue[name] : undefined;

/** The class of a job. One that this release does not know goes to `reconcile`, to be parked there. */
export const classOfJob = ({ name }: { readonly name: string }): JobClass =>
  definitionOf(name)?.class ?? 'reconcile';

/** The name of a class's queue, as administrators see it. */
export const jobQueueNameOf = <C extends JobClass>(jobClass: C): `jobs.${C}` => `jobs.${jobClass}`;

export type JobQueueName = `jobs.${JobClass}`;
export const jobQueueNames: readonly JobQueueName[] = jobClasses.map(jobQueueNameOf);

/** The class whose queue has this name; undefined when it is not a queue of jobs. */
export const jobClassOfQueue = (queue: string): JobClass | undefined =>
  jobClasses.find((jobClass) => jobQueueNameOf(jobClass) === queue);

/**
 * Milliseconds to wait after the nth failure: at least what the backoff says, and up to a quarter more, so that jobs that
 * failed together do not come again together.
 */
export function backoffMs({ firstMs, maxMs }: Backoff, failures: number, random = Math.random): number {
  const waitMs = Math.min(maxMs, firstMs * 2 ** Math.min(failures - 1, 52));
  return Math.round(waitMs * (1 + random() / 4));
}
