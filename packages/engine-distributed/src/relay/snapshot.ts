import type { DomainEvent } from '@twite/core/events/domain-event';
import type { Collection, Document } from 'mongodb';
import type { Collections, DatabaseName } from '../mongodb/databases.ts';
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

/**
 * How all stands, as events: to begin with, and when changes were missed. Changes made meanwhile may be in it or not, so
 * the stream of changes goes on from a time before it.
 */
export async function* snapshotOf(
  collections: Collections,
  databases: readonly DatabaseName[],
): AsyncGenerator<readonly DomainEvent[]> {
  for (const { database, collection, fields, events } of sources) {
    if (!databases.includes(database)) continue;
    const documents = collections[collection] as unknown as Collection<Document & { _id: string }>;
    const projection = Object.fromEntries(fields.map((field) => [field, 1]));
    const cursor = documents.find(
      {},
      { projection: { _id: 1, ...projection }, sort: { _id: 1 }, batchSize: BATCH },
    );
    let batch: DomainEvent[] = [];
    for await (const doc of cursor) {
      for (const event of events(doc)) if (event !== undefined) batch.push(event);
      if (batch.length < BATCH) continue;
      yield batch;
      batch = [];
    }
    if (batch.length > 0) yield batch;
  }
}
