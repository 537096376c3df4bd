import type { Deps } from '../engine.ts';
import type { EventFor } from '../events/domain-event.ts';
import type { JobOf } from '../jobs/job-catalogue.ts';

type FanOutDeps = Pick<Deps, 'accounts' | 'posts' | 'follows' | 'timelines' | 'jobs' | 'settings'>;

/**
 * One step of fan-out: pushes to the next chunk of followers (the first chunk includes the author), and enqueues a job
 * for the rest. Pushing is idempotent, so a step that is repeated after a crash is harmless.
 */
export async function fanOutPost(
  deps: FanOutDeps,
  job: Pick<JobOf<'fanOutPost'>, 'postId' | 'authorId'> & { readonly afterFollowId?: string },
): Promise<void> {
  const { postId, authorId, afterFollowId } = job;
  const limit = deps.settings.fanOutChunkSize;
  const edges = await deps.follows.walkFollowers(authorId, { after: afterFollowId, limit });
  const followers = edges.map((edge) => edge.accountId);
  await deps.timelines.push(postId, afterFollowId === undefined ? [authorId, ...followers] : followers);
  const last = edges[edges.length - 1];
  if (last && edges.length === limit) {
    await deps.jobs.enqueue([{ name: 'fanOutPost', postId, authorId, afterFollowId: last.edgeId }]);
  }
}

/** Starts the fan-out of a new post, unless its author is popular: those posts are merged when followers read. */
export async function startFanOut(deps: FanOutDeps, event: EventFor<'fanOut'>): Promise<void> {
  const { postId, authorId } = event;
  const author = (await deps.accounts.findMany([authorId])).get(authorId);
  if (!author || author.status === 'deleted') return;
  const isPopular = author.popular || author.followerCount > deps.settings.popularFollowerThreshold;
  if (!isPopular) return fanOutPost(deps, { postId, authorId });
  await deps.timelines.push(postId, [authorId]);
  // Marks the author before the first post that is not pushed, so that readers merge from then on.
  if (!author.popular) await deps.accounts.markPopular(authorId);
}
