import type { DomainEvent, EventOf, EventType } from '@twite/core/events/domain-event';
import { of, type Touch } from '../caches/touch.ts';

type TouchesOf = { readonly [T in EventType]: (event: EventOf<T>) => readonly Touch[] };

const hidden = ({
  accountId,
  targetId,
}: EventOf<'accountBlocked' | 'accountUnblocked'>): readonly Touch[] => [
  ['hiddenFrom', accountId],
  ['hiddenFrom', targetId],
];

const touches: TouchesOf = {
  accountCreated: ({ accountId }) => [['accounts', accountId]],
  accountUpdated: ({ accountId }) => [['accounts', accountId]],
  accountStatusChanged: ({ accountId }) => [
    ['accounts', accountId],
    ['newestPosts', accountId],
    ['followees', of(accountId)],
    ['sessions', of(accountId)],
    ['tokens', of(accountId)],
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
export function touchesOf(event: DomainEvent): readonly Touch[] {
  const touch = touches[event.type] as (event: DomainEvent) => readonly Touch[];
  return touch(event);
}
