import type { Page, Post } from '@twite/contract';
import type { Deps } from '../engine.ts';
import { fillPage, type PageRequest } from '../page.ts';
import { type ListRule, type ViewPostsDeps, viewPosts } from '../posts/view-posts.ts';
import { isPrimary, unlessAway } from '../unavailable.ts';
import { mergeNewest } from './merge-newest.ts';
import { rebuildTimeline } from './rebuild-timeline.ts';
import type { TimelineSlice } from './timeline-cache.ts';

type HomeDeps = ViewPostsDeps & Pick<Deps, 'timelines' | 'timelineRebuilds' | 'mutes' | 'jobs' | 'settings'>;

/** Undefined when the timeline is cold and too many others are being rebuilt. A job then rebuilds it. */
async function readWindow(
  deps: HomeDeps,
  viewerId: string,
  before: string | undefined,
  limit: number,
): Promise<TimelineSlice | undefined> {
  const warm = await deps.timelines.read(viewerId, { before, limit });
  if (warm) return warm;
  const isRebuilt = await deps.timelineRebuilds.run(viewerId, () => rebuildTimeline(deps, viewerId));
  if (isRebuilt) return deps.timelines.read(viewerId, { before, limit });
  if (deps.timelineRebuilds.mayEnqueue(viewerId)) {
    // If the broker is unavailable, a later read retries.
    await unlessAway(deps.jobs.enqueue([{ name: 'rebuildTimeline', accountId: viewerId }]), () => undefined);
  }
  return undefined;
}

async function readPrimary(
  deps: HomeDeps,
  viewerId: string,
  before: string | undefined,
  limit: number,
): Promise<string[]> {
  const followeeIds = await deps.follows.listFolloweeIds(viewerId);
  const refs = await deps.posts.listByAuthors([viewerId, ...followeeIds], { before, limit });
  return refs.map((ref) => ref.postId);
}

/** The next ids: pushed ones merged with those of popular accounts; beyond the window, ids from the primary store. */
async function fetchHomeIds(
  deps: HomeDeps,
  viewerId: string,
  before: string | undefined,
  limit: number,
): Promise<readonly string[]> {
  // Without the cache, timelines are slower but correct.
  const window = await unlessAway(readWindow(deps, viewerId, before, limit), () => undefined, isPrimary);
  if (!window || (window.postIds.length < limit && !window.complete)) {
    return readPrimary(deps, viewerId, before, limit);
  }
  const popularIds = await deps.follows.listPopularFolloweeIds(viewerId);
  if (popularIds.length === 0) return window.postIds;
  const popular = await deps.posts.listByAuthors(popularIds, { before, limit });
  return mergeNewest(
    window.postIds,
    popular.map((ref) => ref.postId),
    limit,
  );
}

/**
 * The viewer's home timeline, newest first: their own posts and those of the accounts they currently follow. Excludes
 * whatever is muted, blocked, suspended or deleted, even if the cached window still contains it.
 */
export async function getHomeTimeline(
  deps: HomeDeps,
  viewerId: string,
  page: PageRequest,
): Promise<Page<Post>> {
  const muted = await deps.mutes.mutedBy(viewerId);
  const belongsHome: ListRule = (sight, { authorId }) =>
    (authorId === viewerId || sight.followees.has(authorId)) && !muted.has(authorId);
  return fillPage(page, {
    fetch: (before, limit) => fetchHomeIds(deps, viewerId, before, limit),
    cursorOf: (postId) => postId,
    view: (postIds) => viewPosts(deps, viewerId, postIds, belongsHome),
  });
}
