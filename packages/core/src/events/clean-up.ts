import type { Deps } from '../engine.ts';
import { unfollowEachOther } from '../follows/unfollow-each-other.ts';
import { removeReplacedProfileMedia } from '../media/expire-media.ts';
import { removeMediaOfTarget } from '../media/purge-media.ts';
import { keepHeldMedia, syncMedia } from '../media/sync-media.ts';
import { mergeFollowee, removeFollowee } from '../timelines/follow-changes.ts';
import type { EventFor, EventOf } from './domain-event.ts';
import type { EventTypeFor } from './event-catalogue.ts';

type CleanUpDeps = Pick<
  Deps,
  | 'accounts'
  | 'timelines'
  | 'follows'
  | 'blocks'
  | 'posts'
  | 'replies'
  | 'likes'
  | 'media'
  | 'jobs'
  | 'clock'
  | 'settings'
>;

type CleanUps = {
  readonly [T in EventTypeFor<'upkeep'>]: (deps: CleanUpDeps, event: EventOf<T>) => Promise<void>;
};

/**
 * Handles a block that raced with a follow, or a crash between a block and its unfollows. A block that still stands
 * wins.
 */
async function endFollowsUnderBlock(deps: CleanUpDeps, one: string, other: string): Promise<void> {
  if ((await deps.blocks.hiddenFrom(one)).has(other)) await unfollowEachOther(deps, one, other);
}

/** Erases actions by or on an account that happened while the account was being deleted. */
async function eraseTracesOfDeleted(deps: CleanUpDeps, ...accountIds: string[]): Promise<void> {
  const accounts = await deps.accounts.findMany(accountIds);
  const deleted = accountIds.filter((accountId) => accounts.get(accountId)?.status === 'deleted');
  await deps.jobs.enqueue(deleted.map((accountId) => ({ name: 'settleAccount', accountId })));
}

// Cleans up what the rules on read already hide, and completes use cases that crashed half way.
const cleanUps: CleanUps = {
  accountUpdated: (deps, { accountId }) => removeReplacedProfileMedia(deps, accountId),
  accountStatusChanged: (deps, { accountId }) => deps.jobs.enqueue([{ name: 'settleAccount', accountId }]),
  postCreated: async (deps, { postId, authorId, media }) => {
    if (media !== 'none') await keepHeldMedia(deps, { kind: 'post', postId });
    await eraseTracesOfDeleted(deps, authorId);
  },
  postDeleted: (deps, { postId }) => deps.jobs.enqueue([{ name: 'purgePost', postId }]),
  // If a reply raced with the deletion of its post, the reply is deleted too.
  replyCreated: async (deps, { postId, replyId, authorId, media }) => {
    if (media !== 'none') await keepHeldMedia(deps, { kind: 'reply', postId, replyId });
    if (!(await deps.posts.findMany([postId])).has(postId))
      await deps.jobs.enqueue([{ name: 'purgePost', postId }]);
    await eraseTracesOfDeleted(deps, authorId);
  },
  replyDeleted: async (deps, { replyId, postId }) => {
    await removeMediaOfTarget(deps, { kind: 'reply', postId, replyId });
    while ((await deps.likes.purgeBySubject('reply', replyId, 200)) > 0);
  },
  mediaChanged: async (deps, { mediaId }) => {
    const record = (await deps.media.findMany([mediaId])).get(mediaId);
    if (record === undefined) return deps.jobs.enqueue([{ name: 'purgeMedia', mediaId }]);
    if (record.state === 'processing') await deps.jobs.enqueue([{ name: 'processVideo', mediaId }]);
    await syncMedia(deps, record);
  },
  postLiked: (deps, { accountId }) => eraseTracesOfDeleted(deps, accountId),
  replyLiked: (deps, { accountId }) => eraseTracesOfDeleted(deps, accountId),
  accountFollowed: async (deps, { followerId, followeeId }) => {
    await endFollowsUnderBlock(deps, followerId, followeeId);
    await mergeFollowee(deps, followerId, followeeId);
    await eraseTracesOfDeleted(deps, followerId, followeeId);
  },
  accountUnfollowed: (deps, { followerId, followeeId }) => removeFollowee(deps, followerId, followeeId),
  accountBlocked: async (deps, { accountId, targetId }) => {
    await endFollowsUnderBlock(deps, accountId, targetId);
    await eraseTracesOfDeleted(deps, accountId, targetId);
  },
  accountMuted: (deps, { accountId, targetId }) => eraseTracesOfDeleted(deps, accountId, targetId),
};

/** Cleans up after one event. Idempotent. */
export async function cleanUp(deps: CleanUpDeps, event: EventFor<'upkeep'>): Promise<void> {
  const step = cleanUps[event.type] as (deps: CleanUpDeps, event: EventFor<'upkeep'>) => Promise<void>;
  await step(deps, event);
}
