import type { EventType } from '@twite/core/events/event-catalogue';
import type { OwnConsumerName } from '../own-consumer-names.ts';
import type { Collections } from './databases.ts';

/** A stored document, of which anyone may have written any field. */
export type StoredDoc = Readonly<Record<string, unknown>> & { readonly _id: unknown };

/** Where an event arises in MongoDB. */
export interface EventOrigin {
  readonly collection: keyof Collections;
  /**
   * The changes of a document that are the event: its insertion, its deletion, or an update that wrote the event's name
   * to `change`.
   */
  readonly on: readonly ('insert' | 'update' | 'delete')[];
  /** The document's `_id`, with the names of the event's fields that it consists of in braces. */
  readonly id: string;
  /** The event's other fields: fields of an inserted document, or written to `change` in this order. */
  readonly fields?: readonly string[];
  /** The engine's own consumers of it. */
  readonly consumers: readonly OwnConsumerName[];
  /** In which states a stored document is part of a snapshot as this event. Never by default. */
  readonly stored?: { readonly fields: readonly string[]; readonly matches: (doc: StoredDoc) => boolean };
}

const always = { fields: [], matches: () => true };
const isTombstone = (doc: StoredDoc, ...ids: readonly string[]) =>
  doc.deletedAt !== undefined && ids.every((field) => typeof doc[field] === 'string');

/**
 * One row for each event, in an order in which a snapshot yields referenced documents first. The collections that the
 * relay watches, how it reads changes, the snapshot and the routing to the engine's own consumers derive from it.
 */
const origins = {
  accountCreated: { collection: 'accounts', on: ['insert'], id: '{accountId}', consumers: ['graph'] },
  accountUpdated: {
    collection: 'accounts',
    on: ['update'],
    id: '{accountId}',
    consumers: ['counts', 'graph'],
    stored: always,
  },
  accountStatusChanged: {
    collection: 'accounts',
    on: ['update'],
    id: '{accountId}',
    consumers: ['graph'],
    stored: { fields: ['status'], matches: (doc) => doc.status !== 'active' },
  },
  accountFollowed: {
    collection: 'follows',
    on: ['insert', 'update'],
    id: '{followerId}:{followeeId}',
    consumers: ['counts', 'graph'],
    stored: { fields: ['active'], matches: (doc) => doc.active === true },
  },
  accountUnfollowed: {
    collection: 'follows',
    on: ['update'],
    id: '{followerId}:{followeeId}',
    consumers: ['counts', 'graph'],
    stored: { fields: ['active'], matches: (doc) => doc.active !== true },
  },
  accountBlocked: {
    collection: 'blocks',
    on: ['insert'],
    id: '{accountId}:{targetId}',
    consumers: [],
    stored: always,
  },
  accountUnblocked: { collection: 'blocks', on: ['delete'], id: '{accountId}:{targetId}', consumers: [] },
  accountMuted: {
    collection: 'mutes',
    on: ['insert'],
    id: '{accountId}:{targetId}',
    consumers: [],
    stored: always,
  },
  accountUnmuted: { collection: 'mutes', on: ['delete'], id: '{accountId}:{targetId}', consumers: [] },
  postCreated: {
    collection: 'posts',
    on: ['insert'],
    id: '{postId}',
    fields: ['authorId'],
    consumers: ['counts'],
    stored: {
      fields: ['deletedAt', 'media.mediaId'],
      matches: (doc) => !isTombstone(doc, 'authorId'),
    },
  },
  postDeleted: {
    collection: 'posts',
    on: ['update'],
    id: '{postId}',
    fields: ['authorId'],
    consumers: ['counts'],
    stored: { fields: ['deletedAt'], matches: (doc) => isTombstone(doc, 'authorId') },
  },
  replyCreated: {
    collection: 'replies',
    on: ['insert'],
    id: '{replyId}',
    fields: ['postId', 'authorId'],
    consumers: ['counts'],
    stored: {
      fields: ['deletedAt', 'media.mediaId'],
      matches: (doc) => !isTombstone(doc, 'postId', 'authorId'),
    },
  },
  replyDeleted: {
    collection: 'replies',
    on: ['update'],
    id: '{replyId}',
    fields: ['postId', 'authorId'],
    consumers: ['counts'],
    stored: { fields: ['deletedAt'], matches: (doc) => isTombstone(doc, 'postId', 'authorId') },
  },
  postLiked: {
    collection: 'likes',
    on: ['insert'],
    id: '{accountId}:post:{postId}',
    consumers: ['counts'],
    stored: always,
  },
  postUnliked: {
    collection: 'likes',
    on: ['delete'],
    id: '{accountId}:post:{postId}',
    consumers: ['counts'],
  },
  replyLiked: {
    collection: 'likes',
    on: ['insert'],
    id: '{accountId}:reply:{replyId}',
    consumers: ['counts'],
    stored: always,
  },
  replyUnliked: {
    collection: 'likes',
    on: ['delete'],
    id: '{accountId}:reply:{replyId}',
    consumers: ['counts'],
  },
  mediaChanged: {
    collection: 'media',
    on: ['update'],
    id: '{mediaId}',
    consumers: [],
    stored: { fields: ['state'], matches: (doc) => doc.state !== 'uploading' },
  },
} as const satisfies Readonly<Record<EventType, EventOrigin>>;

export const eventOrigins: Readonly<Record<EventType, EventOrigin>> = origins;

/** The events that one of the engine's own consumers handles. */
export type OwnEventTypeFor<C extends OwnConsumerName> = {
  [T in EventType]: C extends (typeof origins)[T]['consumers'][number] ? T : never;
}[EventType];

/** The origins in a collection, with their events. */
export const originsIn = (collection: string): readonly (readonly [EventType, EventOrigin])[] =>
  byCollection.get(collection) ?? [];

const byCollection = Map.groupBy(
  Object.entries(origins) as [EventType, EventOrigin][],
  ([, { collection }]): string => collection,
);

/** The collections whose documents cause events, in the order of a snapshot. */
export const eventCollections = [...byCollection.keys()] as readonly (keyof Collections)[];

/** Whether one of the engine's own consumers handles events of this type. */
export const isOwnEventFor = <C extends OwnConsumerName>(
  consumer: C,
  type: EventType,
): type is OwnEventTypeFor<C> => eventOrigins[type].consumers.includes(consumer);
