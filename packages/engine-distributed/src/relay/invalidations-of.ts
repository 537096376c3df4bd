import { type Invalidation, tag } from '@twite/core/caching/invalidation';
import type { DomainEvent, EventOf, EventType } from '@twite/core/events/domain-event';

type InvalidationsOf = { readonly [T in EventType]: (event: EventOf<T>) => readonly Invalidation[] };

const hidden = ({
  accountId,
  targetId,
}: EventOf<'accountBlocked' | 'accountUnblocked'>): readonly Invalidation[] => [
  ['hiddenFrom', accountId],
  ['hiddenFrom', targetId],
];

const invalidations: InvalidationsOf = {
  accountCreated: ({ accountId }) => [['accounts', accountId]],
  accountUpdated: ({ accountId }) => [['accounts', accountId]],
  accountStatusChanged: ({ accountId }) => [
    ['accounts', accountId],
    ['newestPosts', accountId],
    ['followees', tag(accountId)],
    ['sessions', tag(accountId)],
    ['tokens', tag(accountId)],
  ],
  postCreated: ({ postId, authorId }) => [
    ['posts', postId],
    ['newestPosts', authorId],
  ],
  postDeleted: ({ postId, authorId }) => [
    ['posts', postId],
    ['newestPosts', authorId],
  ],
  replyCreated: ({ replyId }) => [['replies', replyId]],
  replyDeleted: ({ replyId }) => [['replies', replyId]],
  postLiked: ({ accountId }) => [['postLikes', accountId]],
  postUnliked: ({ accountId }) => [['postLikes', accountId]],
  replyLiked: ({ accountId }) => [['replyLikes', accountId]],
  replyUnliked: ({ accountId }) => [['replyLikes', accountId]],
  accountFollowed: ({ followerId }) => [['followees', followerId]],
  accountUnfollowed: ({ followerId }) => [['followees', followerId]],
  accountBlocked: hidden,
  accountUnblocked: hidden,
  // Posts, replies and accounts that contain it are invalidated when their snapshots are written.
  mediaChanged: () => [],
  accountMuted: ({ accountId }) => [['mutedBy', accountId]],
  accountUnmuted: ({ accountId }) => [['mutedBy', accountId]],
};

/** The cached values that an event may have made stale, in case the writer crashed before it invalidated them. */
export function invalidationsOf(event: DomainEvent): readonly Invalidation[] {
  const invalidationsOfType = invalidations[event.type] as (event: DomainEvent) => readonly Invalidation[];
  return invalidationsOfType(event);
}
