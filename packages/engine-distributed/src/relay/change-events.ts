import { type DomainEvent, markMedia } from '@twite/core/events/domain-event';

/**
 * A change as returned by the relay's pipeline. Anyone may have written the document, so nothing about it is certain.
 */
export interface Change {
  readonly operationType: string;
  /** The name of the collection. */
  readonly collection: string;
  readonly documentId: unknown;
  /** The inserted document. */
  readonly inserted?: unknown;
  /** The value of `change` that an update wrote: `<eventType> <rev>[ <otherId>…]`. */
  readonly change?: unknown;
}

/** The result of reading a change. */
export type ChangeReading =
  | { readonly kind: 'event'; readonly event: DomainEvent }
  /** A change that no consumer needs, such as the purge of a tombstone. */
  | { readonly kind: 'nothing' }
  /** A change of Twite's data in a format that this release does not write. */
  | { readonly kind: 'unreadable'; readonly reason: string };

const nothing: ChangeReading = { kind: 'nothing' };
const eventOf = (event: DomainEvent): ChangeReading => ({ kind: 'event', event });
const unreadable = (reason: string): ChangeReading => ({ kind: 'unreadable', reason });

const QUOTED_MAX = 100;

/** Quotes, for display, a part of a value that anyone may have written. */
function quoted(value: unknown): string {
  if (typeof value !== 'string') return value === null ? 'null' : typeof value;
  return JSON.stringify(value.slice(0, QUOTED_MAX));
}

/**
 * Twite's ids have 19 digits, those of documents with three parts 45. A message that is too large would block the
 * relay.
 */
const ID_MAX = 200;

export const isShortText = (value: unknown): value is string =>
  typeof value === 'string' && value !== '' && value.length <= ID_MAX;

/** The parts of an id such as `<followerId>:<followeeId>`; undefined when there are more, fewer or empty ones. */
function partsOf(documentId: string, count: number): readonly string[] | undefined {
  const parts = documentId.split(':');
  return parts.length === count && parts.every(isShortText) ? parts : undefined;
}

type PairType =
  | 'accountFollowed'
  | 'accountUnfollowed'
  | 'accountBlocked'
  | 'accountUnblocked'
  | 'accountMuted'
  | 'accountUnmuted';

function pairEvent(documentId: string, type: PairType): ChangeReading {
  const parts = partsOf(documentId, 2);
  if (parts === undefined) return unreadable(`its _id is not a pair of accounts: ${quoted(documentId)}`);
  const [one = '', other = ''] = parts;
  if (type === 'accountFollowed' || type === 'accountUnfollowed') {
    return eventOf({ type, followerId: one, followeeId: other });
  }
  return eventOf({ type, accountId: one, targetId: other });
}

function likeEvent(documentId: string, isLiked: boolean): ChangeReading {
  const [accountId, kind, subjectId] = partsOf(documentId, 3) ?? [];
  if (accountId === undefined || subjectId === undefined) {
    return unreadable(`its _id is not that of a like: ${quoted(documentId)}`);
  }
  switch (kind) {
    case 'post':
      return eventOf({ type: isLiked ? 'postLiked' : 'postUnliked', postId: subjectId, accountId });
    case 'reply':
      return eventOf({ type: isLiked ? 'replyLiked' : 'replyUnliked', replyId: subjectId, accountId });
    default:
      return unreadable(`it is a like of an unknown kind: ${quoted(kind)}`);
  }
}

/** The updates that each collection can have. */
const updatesOf: Readonly<Record<string, readonly string[]>> = {
  accounts: ['accountUpdated', 'accountStatusChanged'],
  posts: ['postDeleted'],
  replies: ['replyDeleted'],
  media: ['mediaChanged'],
  follows: ['accountFollowed', 'accountUnfollowed'],
};

function updateEvent({ collection, change }: Change, documentId: string): ChangeReading {
  if (change === undefined) return nothing;
  if (typeof change !== 'string') return unreadable(`its change is not a text: ${quoted(change)}`);
  const [type = '', , one = '', other = ''] = change.split(' ');
  const known = Object.hasOwn(updatesOf, collection) ? updatesOf[collection] : undefined;
  if (known?.includes(type) !== true) return unreadable(`its change is not known: ${quoted(change)}`);
  switch (type) {
    case 'accountUpdated':
    case 'accountStatusChanged':
      return eventOf({ type, accountId: documentId });
    case 'mediaChanged':
      return eventOf({ type, mediaId: documentId });
    case 'accountFollowed':
    case 'accountUnfollowed':
      return pairEvent(documentId, type);
    case 'postDeleted':
      if (isShortText(one)) return eventOf({ type, postId: documentId, authorId: one });
      break;
    case 'replyDeleted':
      if (isShortText(one) && isShortText(other))
        return eventOf({ type, replyId: documentId, postId: one, authorId: other });
  }
  return unreadable(`its change lacks an id: ${quoted(change)}`);
}

function insertEvent({ collection, inserted }: Change, documentId: string): ChangeReading {
  const fields = (typeof inserted === 'object' && inserted !== null ? inserted : {}) as Record<
    string,
    unknown
  >;
  const { authorId, postId, media } = fields;
  // A value that is not a list may stand for media: documents from before media have no such field.
  const mark = markMedia(Array.isArray(media) ? media : [media]);
  switch (collection) {
    case 'accounts':
      return eventOf({ type: 'accountCreated', accountId: documentId });
    case 'posts':
      if (!isShortText(authorId)) return unreadable(`its authorId is not an id: ${quoted(authorId)}`);
      return eventOf({ type: 'postCreated', postId: documentId, authorId, ...mark });
    case 'replies':
      if (!isShortText(authorId)) return unreadable(`its authorId is not an id: ${quoted(authorId)}`);
      if (!isShortText(postId)) return unreadable(`its postId is not an id: ${quoted(postId)}`);
      return eventOf({ type: 'replyCreated', replyId: documentId, postId, authorId, ...mark });
    case 'follows':
      return pairEvent(documentId, 'accountFollowed');
    case 'likes':
      return likeEvent(documentId, true);
    case 'blocks':
      return pairEvent(documentId, 'accountBlocked');
    default:
      return pairEvent(documentId, 'accountMuted');
  }
}

/** In the other collections, only tombstones are deleted. */
function deleteEvent({ collection }: Change, documentId: string): ChangeReading {
  switch (collection) {
    case 'likes':
      return likeEvent(documentId, false);
    case 'blocks':
      return pairEvent(documentId, 'accountUnblocked');
    case 'mutes':
      return pairEvent(documentId, 'accountUnmuted');
    default:
      return nothing;
  }
}

const relayed: readonly string[] = [
  'accounts',
  'posts',
  'replies',
  'follows',
  'likes',
  'blocks',
  'mutes',
  'media',
];

/** Reads any change; never throws. */
export function readChange(change: Change): ChangeReading {
  const { operationType, collection, documentId } = change;
  if (!relayed.includes(collection)) return nothing;
  const isUpdate = operationType === 'update';
  if (isUpdate && change.change === undefined) return nothing;
  if (!isUpdate && operationType !== 'insert' && operationType !== 'delete') return nothing;
  if (operationType === 'delete' && updatesOf[collection] !== undefined) return nothing;
  // A medium is private before it is published.
  if (operationType === 'insert' && collection === 'media') return nothing;
  if (!isShortText(documentId)) return unreadable(`its _id is not an id: ${quoted(documentId)}`);
  if (isUpdate) return updateEvent(change, documentId);
  return operationType === 'insert' ? insertEvent(change, documentId) : deleteEvent(change, documentId);
}
