interface JobPayloads {
  /** Pushes a post to the followers after a place in the list of them. */
  fanOutPost: { readonly postId: string; readonly authorId: string; readonly afterFollowId: string };
  /** Makes the counts of others agree with an account's status; erases the traces of a deleted one. */
  settleAccount: { readonly accountId: string };
  /** Erases likes, replies and media of a deleted post. */
  purgePost: { readonly postId: string };
  /** Turns an uploaded video into what is served. */
  processVideo: { readonly mediaId: string };
  /** Deletes the objects of a removed medium, then its record. */
  purgeMedia: { readonly mediaId: string };
  /** Withholds or reinstates the objects of an account after its status, from this place in its media. */
  settleMedia: { readonly accountId: string; readonly afterMediaId: string };
}

export type JobName = keyof JobPayloads;

/** Work to be done once or more: imperative, and with ids only. */
export type Job = { [N in JobName]: { readonly name: N } & JobPayloads[N] }[JobName];

export type JobOf<N extends JobName> = Extract<Job, { name: N }>;

/** What a process does about each job: leaving one out does not compile. */
export type JobHandlers = { readonly [N in JobName]: (job: JobOf<N>) => Promise<void> };

/** A durable queue: a job that was enqueued is done at least once, also after a crash. */
export interface JobQueue {
  enqueue(jobs: readonly Job[]): Promise<void>;
  /** Starts working. A job whose handler throws comes again; after five times it is parked. Disposing waits for those under way. */
  consume(handlers: JobHandlers): Promise<AsyncDisposable>;
}
