import { unfollowEachOther } from '../blocks/set-block.ts';
import type { Deps } from '../engine.ts';
import type { DomainEvent, EventOf, EventType } from './domain-event.ts';

type CleanUpDeps = Pick<Deps, 'timelines' | 'follows' | 'blocks' | 'posts' | 'likes' | 'jobs'>;

type CleanUps = {
  readonly [T in EventType]: ((deps: CleanUpDeps, event: EventOf<T>) => Promise<void>) | undefined;
};

/** A block and a follow that raced, or a crash between a block and its unfollows: the block wins, if it still stands. */
async function endFollowsUnderBlock(deps: CleanUpDeps, one: string, other: string): Promise<void> {
  if ((await deps.blocks.hiddenFrom(one)).has(other)) await unfollowEachOther(deps, one, other);
}

// What the rules on read hide at once is cleaned up here; a use case that crashed half way is completed.
const cleanUps: CleanUps = {
  accountCreated: undefined,
  accountUpdated: undefined,
  accountStatusChanged: (deps, { accountId }) => deps.jobs.enqueue([{ name: 'settleAccount', accountId }]),
  postCreated: undefined,
  postDeleted: (deps, { postId }) => deps.jobs.enqueue([{ name: 'purgePost', postId }]),
  // A reply and the deletion of its post that raced: the reply goes with the post.
  replyCreated: async (deps, { postId }) => {
    if (!(await deps.posts.findMany([postId])).has(postId))
      await deps.jobs.enqueue([{ name: 'purgePost', postId }]);
  },
  replyDeleted: async (deps, { replyId }) => {
    while ((await deps.likes.purgeBySubject('reply', replyId, 200)) > 0);
  },
  postLiked: undefined,
  postUnliked: undefined,
  replyLiked: undefined,
  replyUnliked: undefined,
  accountFollowed: async (deps, { followerId, followeeId }) => {
    await endFollowsUnderBlock(deps, followerId, followeeId);
    await deps.timelines.drop([followerId]);
  },
  accountUnfollowed: (deps, { followerId }) => deps.timelines.drop([followerId]),
  accountBlocked: (deps, { accountId, targetId }) => endFollowsUnderBlock(deps, accountId, targetId),
  accountUnblocked: undefined,
  accountMuted: undefined,
  accountUnmuted: undefined,
};

/** Cleans up behind one event. Idempotent. */
export async function cleanUp(deps: CleanUpDeps, event: DomainEvent): Promise<void> {
  const step = cleanUps[event.type] as ((deps: CleanUpDeps, event: DomainEvent) => Promise<void>) | undefined;
  await step?.(deps, event);
}
