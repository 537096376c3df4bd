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
  /** Fields and what they hold: ids only, since what they name may change before the job is done. */
  readonly payload: Readonly<Record<string, 'id' | 'ids'>>;
}

const mediaBackoff: Backoff = { firstMs: 2_000, maxMs: 300_000 };

/** Every job there is. A new one is a row here and its handler in `workers`; queues, messages and metrics derive from it. */
export const jobCatalogue = {
  /** Pushes a post to the followers after a place in the list of them. */
  fanOutPost: {
    class: 'fanOut',
    backoff: null,
    payload: { postId: 'id', authorId: 'id', afterFollowId: 'id' },
  },
  /** Makes the counts of others agree with an account's status; erases the traces of a deleted one. */
  settleAccount: { class: 'reconcile', backoff: null, payload: { accountId: 'id' } },
  /** Erases likes and replies of a deleted post. */
  purgePost: { class: 'reconcile', backoff: null, payload: { postId: 'id' } },
  /** Processes an uploaded video, and publishes it or marks it as failed. */
  processVideo: { class: 'media', backoff: mediaBackoff, payload: { mediaId: 'id' } },
  /** Deletes the objects of removed media, then their records. */
  purgeMedia: { class: 'media', backoff: mediaBackoff, payload: { mediaIds: 'ids' } },
  /** Withholds, reinstates or removes an account's media, as its status says, after a place in the list of them. */
  settleMedia: {
    class: 'media',
    backoff: mediaBackoff,
    payload: { accountId: 'id', afterMediaId: 'id' },
  },
} as const satisfies Readonly<Record<string, JobDefinition>>;

type Catalogue = typeof jobCatalogue;
export type JobName = keyof Catalogue;
export type JobNameOf<C extends JobClass> = {
  [N in JobName]: Catalogue[N]['class'] extends C ? N : never;
}[JobName];

type FieldTypes = { readonly id: string; readonly ids: readonly string[] };
type PayloadOf<N extends JobName> = {
  readonly [F in keyof Catalogue[N]['payload']]: FieldTypes[Catalogue[N]['payload'][F] & keyof FieldTypes];
};

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
