import type { DatabaseName } from '../mongodb/databases.ts';
import { type ChangeReading, readChange } from './change-events.ts';

type StoredDoc = Readonly<Record<string, unknown>> & { readonly _id: unknown };

/** A collection whose documents can be expressed as events of their current state. */
export interface Source {
  readonly database: DatabaseName;
  readonly collection: SourceName;
  /** The fields that `read` needs besides `_id`. */
  readonly fields: readonly string[];
  readonly read: (doc: StoredDoc) => readonly ChangeReading[];
}

export type SourceName =
  | 'accounts'
  | 'follows'
  | 'blocks'
  | 'mutes'
  | 'posts'
  | 'replies'
  | 'likes'
  | 'media';

const inserted =
  (collection: SourceName): Source['read'] =>
  (doc) => [readChange({ operationType: 'insert', collection, documentId: doc._id, inserted: doc })];

/** Reads the document as an update that wrote this to `change`. */
const updated = (collection: SourceName, { _id }: StoredDoc, type: string, ...ids: unknown[]) =>
  readChange({
    operationType: 'update',
    collection,
    documentId: _id,
    change: [type, 0, ...ids].join(' '),
  });

/** In an order in which referenced documents come first. */
export const sources: readonly Source[] = [
  {
    database: 'identity',
    collection: 'accounts',
    fields: ['status'],
    read: (doc) => [
      updated('accounts', doc, 'accountUpdated'),
      ...(doc.status === 'active' ? [] : [updated('accounts', doc, 'accountStatusChanged')]),
    ],
  },
  {
    database: 'social',
    collection: 'follows',
    fields: ['active'],
    read: (doc) => [updated('follows', doc, doc.active === true ? 'accountFollowed' : 'accountUnfollowed')],
  },
  { database: 'social', collection: 'blocks', fields: [], read: inserted('blocks') },
  { database: 'social', collection: 'mutes', fields: [], read: inserted('mutes') },
  {
    database: 'posts',
    collection: 'posts',
    fields: ['authorId', 'deletedAt', 'media.mediaId'],
    read: (doc) =>
      doc.deletedAt === undefined || typeof doc.authorId !== 'string'
        ? inserted('posts')(doc)
        : [updated('posts', doc, 'postDeleted', doc.authorId)],
  },
  {
    database: 'replies',
    collection: 'replies',
    fields: ['postId', 'authorId', 'deletedAt', 'media.mediaId'],
    read: (doc) =>
      doc.deletedAt === undefined || typeof doc.postId !== 'string' || typeof doc.authorId !== 'string'
        ? inserted('replies')(doc)
        : [updated('replies', doc, 'replyDeleted', doc.postId, doc.authorId)],
  },
  { database: 'posts', collection: 'likes', fields: [], read: inserted('likes') },
  {
    database: 'posts',
    collection: 'media',
    fields: ['state'],
    read: (doc) => (doc.state === 'uploading' ? [] : [updated('media', doc, 'mediaChanged')]),
  },
];
