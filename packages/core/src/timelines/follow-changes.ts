import type { Deps } from '../engine.ts';

type ChangeDeps = Pick<Deps, 'accounts' | 'follows' | 'posts' | 'timelines' | 'settings'>;

const newestOf = async ({ posts, settings }: ChangeDeps, authorId: string): Promise<readonly string[]> =>
  // One more than fits, to detect older ones.
  posts.listByAuthor(authorId, { limit: settings.timelineLength + 1, visibility: 'all' });

/**
 * Whether there is a timeline to change. Drops one that is being rebuilt: its rebuild may have read the follows
 * earlier.
 */
async function isReadyOrDropped({ timelines }: ChangeDeps, accountId: string): Promise<boolean> {
  if (await timelines.isReady(accountId)) return true;
  await timelines.drop([accountId]);
  return false;
}

/**
 * Adds the newest posts of a newly followed account to the follower's home timeline, if that is ready. Idempotent.
 * Posts of popular accounts are not stored in timelines.
 */
export async function mergeFollowee(deps: ChangeDeps, followerId: string, followeeId: string): Promise<void> {
  if (!(await isReadyOrDropped(deps, followerId))) return;
  const followee = (await deps.accounts.findMany([followeeId])).get(followeeId);
  if (followee?.popular) return;
  const postIds = await newestOf(deps, followeeId);
  const length = deps.settings.timelineLength;
  await deps.timelines.merge(followerId, postIds.slice(0, length), postIds.length <= length);
}

/** Removes the posts of an unfollowed account from the home timeline, if that is ready. Idempotent. */
export async function removeFollowee(
  deps: ChangeDeps,
  followerId: string,
  followeeId: string,
): Promise<void> {
  if (!(await isReadyOrDropped(deps, followerId))) return;
  const followee = (await deps.accounts.findMany([followeeId])).get(followeeId);
  // The posts of a deleted account are no longer listed.
  if (followee?.status !== 'active') return deps.timelines.drop([followerId]);
  await deps.timelines.remove(followerId, await newestOf(deps, followeeId));
  // A new follow may have merged the posts before they were removed.
  const follows = await deps.follows.followeesAmong(followerId, [followeeId]);
  if (follows.has(followeeId)) await deps.timelines.drop([followerId]);
}
