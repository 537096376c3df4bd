import type { DomainEvent } from '@twite/core/events/domain-event';
import type { Collection, Document } from 'mongodb';
import type { Collections, DatabaseName } from '../mongodb/databases.ts';
import { bounded } from '../mongodb/reads.ts';
import { eventOf } from './change-events.ts';

type Events = (doc: Document & { readonly _id: string }) => readonly (DomainEvent | undefined)[];

interface Source {
  readonly database: DatabaseName;
  readonly collection: keyof Collections;
  readonly fields: readonly string[];
  readonly events: Events;
}

const inserted =
  (collection: keyof Collections): Events =>
  ({ _id: documentId }) => [eventOf({ operationType: 'insert', collection, documentId })];

/** In an order in which what others refer to comes first. */
const sources: readonly Source[] = [
  {
    database: 'identity',
    collection: 'accounts',
    fields: ['status'],
    events: ({ _id: accountId, status }) => [
      { type: 'accountUpdated', accountId },
      status === 'active' ? undefined : { type: 'accountStatusChanged', accountId },
    ],
  },
  {
    database: 'social',
    collection: 'follows',
    fields: ['followerId', 'followeeId', 'active'],
    events: ({ followerId, followeeId, active }) => [
      { type: active ? 'accountFollowed' : 'accountUnfollowed', followerId, followeeId },
    ],
  },
  { database: 'social', collection: 'blocks', fields: [], events: inserted('blocks') },
  { database: 'social', collection: 'mutes', fields: [], events: inserted('mutes') },
  {
    database: 'posts',
    collection: 'posts',
    fields: ['authorId', 'deletedAt'],
    events: ({ _id: postId, authorId, deletedAt }) => [
      { type: deletedAt === undefined ? 'postCreated' : 'postDeleted', postId, authorId },
    ],
  },
  {
    database: 'replies',
    collection: 'replies',
    fields: ['postId', 'authorId', 'deletedAt'],
    events: ({ _id: replyId, postId, authorId, deletedAt }) => [
      { type: deletedAt === undefined ? 'replyCreated' : 'replyDeleted', replyId, postId, authorId },
    ],
  },
  { database: 'posts', collection: 'likes', fields: [], events: inserted('likes') },
];

const BATCH = 500;

/** Some of a snapshot, and the place behind it. */
export interface SnapshotBatch {
  readonly events: readonly DomainEvent[];
  readonly place: { readonly collection: string; readonly after: string };
}

/**
 * How all stands, as events: to begin with, and when changes were missed. Changes made meanwhile may be in it or not, so
 * the stream of changes goes on from a time before it. Each batch is a read of its own: it may take as long as it likes,
 * and go on behind a place.
 */
export async function* snapshotOf(
  collections: Collections,
  databases: readonly DatabaseName[],
  begun?: SnapshotBatch['place'],
): AsyncGenerator<SnapshotBatch> {
  // A collection that another version began with, and this one does not know, means all of it again.
  const first = Math.max(
    0,
    sources.findIndex(({ collection }) => collection === begun?.collection),
  );
  for (const { database, collection, fields, events } of sources.slice(first)) {
    if (!databases.includes(database)) continue;
    const documents = collections[collection] as unknown as Collection<Document & { _id: string }>;
    const projection = Object.fromEntries(fields.map((field) => [field, 1]));
    for (let after = collection === begun?.collection ? begun.after : ''; ; ) {
      const batch = await documents
        .find({ _id: { $gt: after } }, { ...bounded, projection: { _id: 1, ...projection } })
        .sort({ _id: 1 })
        .limit(BATCH)
        .toArray();
      const last = batch[batch.length - 1];
      if (last === undefined) break;
      after = last._id;
      yield {
        events: batch.flatMap(events).filter((event) => event !== undefined),
        place: { collection, after },
      };
      if (batch.length < BATCH) break;
    }
  }
}
