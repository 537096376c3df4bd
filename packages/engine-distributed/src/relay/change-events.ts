import type { DomainEvent } from '@twite/core/events/domain-event';
import type { LikeKind } from '@twite/core/likes/like-store';

/** A change as the pipeline of the relay leaves it. */
export interface Change {
  readonly operationType: 'insert' | 'update' | 'delete';
  /** The collection's name. */
  readonly collection: string;
  readonly documentId: string;
  /** Fields of an inserted post or reply. */
  readonly inserted?: { readonly authorId?: string; readonly postId?: string };
  /** What an update wrote to `change`: `<eventType> <rev>[ <otherId>…]`. */
  readonly change?: string;
}

const likeEvents = {
  post: { insert: 'postLiked', delete: 'postUnliked' },
  reply: { insert: 'replyLiked', delete: 'replyUnliked' },
} as const;

function likeEvent(documentId: string, operationType: 'insert' | 'delete'): DomainEvent {
  const [accountId = '', kind = '', subjectId = ''] = documentId.split(':');
  const type = likeEvents[kind as LikeKind][operationType];
  return (
    kind === 'post' ? { type, postId: subjectId, accountId } : { type, replyId: subjectId, accountId }
  ) as DomainEvent;
}

function pairEvent(
  documentId: string,
  type: 'accountBlocked' | 'accountUnblocked' | 'accountMuted' | 'accountUnmuted',
): DomainEvent {
  const [accountId = '', targetId = ''] = documentId.split(':');
  return { type, accountId, targetId };
}

function followEvent(documentId: string, type: 'accountFollowed' | 'accountUnfollowed'): DomainEvent {
  const [followerId = '', followeeId = ''] = documentId.split(':');
  return { type, followerId, followeeId };
}

/** What an update says of itself. */
function updateEvent(documentId: string, change: string): DomainEvent | undefined {
  const [type, , one = '', other = ''] = change.split(' ');
  switch (type) {
    case 'accountUpdated':
    case 'accountStatusChanged':
      return { type, accountId: documentId };
    case 'postDeleted':
      return { type, postId: documentId, authorId: one };
    case 'replyDeleted':
      return { type, replyId: documentId, postId: one, authorId: other };
    case 'accountFollowed':
    case 'accountUnfollowed':
      return followEvent(documentId, type);
    default:
      return undefined;
  }
}

/** The event that a change is; undefined for one that is none, such as the purge of a tombstone. */
export function eventOf(change: Change): DomainEvent | undefined {
  const { operationType, documentId } = change;
  if (operationType === 'update')
    return change.change === undefined ? undefined : updateEvent(documentId, change.change);
  const isInsert = operationType === 'insert';
  const { authorId = '', postId = '' } = change.inserted ?? {};
  switch (change.collection) {
    case 'accounts':
      return isInsert ? { type: 'accountCreated', accountId: documentId } : undefined;
    case 'posts':
      return isInsert ? { type: 'postCreated', postId: documentId, authorId } : undefined;
    case 'replies':
      return isInsert ? { type: 'replyCreated', replyId: documentId, postId, authorId } : undefined;
    case 'follows':
      return isInsert ? followEvent(documentId, 'accountFollowed') : undefined;
    case 'likes':
      return likeEvent(documentId, operationType);
    case 'blocks':
      return pairEvent(documentId, isInsert ? 'accountBlocked' : 'accountUnblocked');
    case 'mutes':
      return pairEvent(documentId, isInsert ? 'accountMuted' : 'accountUnmuted');
    default:
      return undefined;
  }
}
