import type { Deps } from '../engine.ts';

type RebuildDeps = Pick<Deps, 'timelines' | 'follows' | 'posts' | 'settings'>;

/** Makes a cold timeline ready from the primary store. Posts of popular accounts are merged on read instead. */
export async function rebuildTimeline(deps: RebuildDeps, accountId: string): Promise<void> {
  // The ticket comes first: posts created during the read are pushed to it, so none are lost.
  const ticket = await deps.timelines.beginRebuild(accountId);
  const [followeeIds, popularIds] = await Promise.all([
    deps.follows.listFolloweeIds(accountId),
    deps.follows.listPopularFolloweeIds(accountId),
  ]);
  const popular = new Set(popularIds);
  const authorIds = [accountId, ...followeeIds.filter((followeeId) => !popular.has(followeeId))];
  const length = deps.settings.timelineLength;
  const refs = await deps.posts.listByAuthors(authorIds, { limit: length + 1 });
  const postIds = refs.slice(0, length).map((ref) => ref.postId);
  await deps.timelines.completeRebuild(ticket, postIds, refs.length <= length);
}

/** The job: rebuilds a timeline, unless a read has done so since the job was enqueued. */
export async function rebuildColdTimeline(deps: RebuildDeps, accountId: string): Promise<void> {
  if (!(await deps.timelines.isReady(accountId))) await rebuildTimeline(deps, accountId);
}
