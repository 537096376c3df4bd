import type { CacheName } from '../measures/cache-state.ts';
import type { ConsumerName } from './event-stream.ts';

interface EventDefinition {
  /** Its fields, which hold ids only: consumers read what they need. */
  readonly fields: readonly string[];
  /** Optional fields with a single value, which older releases do not write. */
  readonly marks?: Readonly<Record<string, string>>;
  /** The consumers that handle it. No other consumer receives it. */
  readonly consumers: readonly ConsumerName[];
  /**
   * The cached values that it makes stale: the value of a cache for the id in a field or, with `tagged`, all values
   * that belong to the id, such as the sessions of an account.
   */
  readonly invalidates: readonly (readonly [cache: CacheName, field: string, tagged?: 'tagged'])[];
}

/** Content that was written without media says so: its consumers then skip the look-up. */
const withoutMedia = { media: 'none' } as const;

/**
 * Every event, and all that the engines and workers derive from it: types, messages, routing and invalidations. Each
 * engine adds where the event arises. Something that happened durably; what happened exactly, such as the new status of
 * an account, consumers read.
 */
export const eventCatalogue = {
  accountCreated: {
    fields: ['accountId'],
    consumers: ['searchIndex'],
    invalidates: [['accounts', 'accountId']],
  },
  /** A change of name, bio, avatar, banner or role. */
  accountUpdated: {
    fields: ['accountId'],
    consumers: ['searchIndex', 'upkeep'],
    invalidates: [['accounts', 'accountId']],
  },
  /** A suspension, reinstatement or deletion. */
  accountStatusChanged: {
    fields: ['accountId'],
    consumers: ['searchIndex', 'upkeep'],
    invalidates: [
      ['accounts', 'accountId'],
      ['newestPosts', 'accountId'],
      ['followees', 'accountId', 'tagged'],
      ['sessions', 'accountId', 'tagged'],
      ['tokens', 'accountId', 'tagged'],
    ],
  },
  postCreated: {
    fields: ['postId', 'authorId'],
    marks: withoutMedia,
    consumers: ['fanOut', 'searchIndex', 'upkeep'],
    invalidates: [
      ['posts', 'postId'],
      ['newestPosts', 'authorId'],
    ],
  },
  postDeleted: {
    fields: ['postId', 'authorId'],
    consumers: ['searchIndex', 'upkeep'],
    invalidates: [
      ['posts', 'postId'],
      ['newestPosts', 'authorId'],
    ],
  },
  replyCreated: {
    fields: ['replyId', 'postId', 'authorId'],
    marks: withoutMedia,
    consumers: ['upkeep'],
    invalidates: [['replies', 'replyId']],
  },
  replyDeleted: {
    fields: ['replyId', 'postId', 'authorId'],
    consumers: ['upkeep'],
    invalidates: [['replies', 'replyId']],
  },
  postLiked: {
    fields: ['postId', 'accountId'],
    consumers: ['upkeep'],
    invalidates: [['postLikes', 'accountId']],
  },
  postUnliked: { fields: ['postId', 'accountId'], consumers: [], invalidates: [['postLikes', 'accountId']] },
  replyLiked: {
    fields: ['replyId', 'accountId'],
    consumers: ['upkeep'],
    invalidates: [['replyLikes', 'accountId']],
  },
  replyUnliked: {
    fields: ['replyId', 'accountId'],
    consumers: [],
    invalidates: [['replyLikes', 'accountId']],
  },
  accountFollowed: {
    fields: ['followerId', 'followeeId'],
    consumers: ['upkeep'],
    invalidates: [['followees', 'followerId']],
  },
  accountUnfollowed: {
    fields: ['followerId', 'followeeId'],
    consumers: ['upkeep'],
    invalidates: [['followees', 'followerId']],
  },
  accountBlocked: {
    fields: ['accountId', 'targetId'],
    consumers: ['upkeep'],
    invalidates: [
      ['hiddenFrom', 'accountId'],
      ['hiddenFrom', 'targetId'],
    ],
  },
  accountUnblocked: {
    fields: ['accountId', 'targetId'],
    consumers: [],
    invalidates: [
      ['hiddenFrom', 'accountId'],
      ['hiddenFrom', 'targetId'],
    ],
  },
  accountMuted: {
    fields: ['accountId', 'targetId'],
    consumers: ['upkeep'],
    invalidates: [['mutedBy', 'accountId']],
  },
  accountUnmuted: {
    fields: ['accountId', 'targetId'],
    consumers: [],
    invalidates: [['mutedBy', 'accountId']],
  },
  /**
   * A publication, change or removal. Posts, replies and accounts that contain it are invalidated when their snapshots
   * are written.
   */
  mediaChanged: { fields: ['mediaId'], consumers: ['upkeep'], invalidates: [] },
} as const satisfies Readonly<Record<string, EventDefinition>>;

export type EventCatalogue = typeof eventCatalogue;
export type EventType = keyof EventCatalogue;

export const eventTypes = Object.keys(eventCatalogue) as readonly EventType[];

/** The definition of an event, without its literal types. */
export const eventDefinitionOf = (type: EventType): EventDefinition => eventCatalogue[type];

/** The events that a consumer handles. */
export type EventTypeFor<C extends ConsumerName> = {
  [T in EventType]: C extends EventCatalogue[T]['consumers'][number] ? T : never;
}[EventType];

/** Whether a consumer handles events of this type, which may come from a newer release. */
export const isEventFor = (consumer: ConsumerName, type: string): boolean =>
  Object.hasOwn(eventCatalogue, type) && eventDefinitionOf(type as EventType).consumers.includes(consumer);
