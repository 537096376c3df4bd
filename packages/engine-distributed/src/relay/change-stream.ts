import {
  type ChangeStream,
  type ChangeStreamOptions,
  type Document,
  MongoServerError,
  type ResumeToken,
  type Timestamp,
} from 'mongodb';
import { type Databases, type Deployment, databaseOf } from '../mongodb/databases.ts';
import { eventCollections, originsIn } from '../mongodb/event-origins.ts';
import { type Change, type ChangeReading, isShortText, readChange } from './change-events.ts';

/** A change as returned by the pipeline. Fields of documents may have any type: anyone may have written them. */
export interface RawChange extends Document {
  readonly _id: ResumeToken;
  /** `replace`: an update that changed so much that MongoDB stored the whole document. */
  readonly operationType: 'insert' | 'update' | 'replace' | 'delete' | 'invalidate';
  readonly ns?: { readonly db: string; readonly coll?: string };
  readonly documentKey?: { readonly _id: unknown };
  readonly clusterTime?: Timestamp;
  /** From MongoDB 6.0 on. */
  readonly wallTime?: Date;
  readonly fullDocument?: {
    readonly authorId?: unknown;
    readonly postId?: unknown;
    readonly trace?: unknown;
    readonly change?: unknown;
    readonly createdAt?: unknown;
  };
  /** Of an inserted post or reply. */
  readonly withoutMedia?: boolean;
  readonly updateDescription?: {
    readonly updatedFields?: { readonly change?: unknown; readonly trace?: unknown };
  };
}

/** The deployment that a lease and a token belong to: when databases are split up, their relays start over. */
export const relayIdOf = ({ databases }: Pick<Deployment, 'databases'>): string => databases.join('+');

/** The meaning of a change for the relay. */
export type Relayable =
  | (Exclude<ChangeReading, { kind: 'unreadable' }> & { readonly traceparent: string | undefined })
  | { readonly kind: 'unreadable'; readonly change: Change; readonly reason: string }
  | { readonly kind: 'barrier'; readonly barrierId: string; readonly at: number | null }
  | { readonly kind: 'invalidate' };

/** Documents that are inserted and deleted as a whole: only their deletions are events. */
const deletable = eventCollections.filter((collection) =>
  originsIn(collection).some(([, { on }]) => on.includes('delete')),
);

const IDLE_MS = 1_000;

/** Watches all of Twite's data in a deployment. */
export function watchDeployment(
  { client, databases: names, barriers }: Deployment,
  databases: Databases,
  from: Pick<ChangeStreamOptions, 'resumeAfter' | 'startAfter' | 'startAtOperationTime'>,
): ChangeStream<Document, RawChange> {
  const ours = names.map((name) => ({
    'ns.db': databases.nameOf(name),
    'ns.coll': { $in: eventCollections.filter((collection) => databaseOf[collection] === name) },
  }));
  return client.watch<Document, RawChange>(
    [
      {
        $match: {
          $or: [
            {
              $and: [
                { $or: ours },
                {
                  $or: [
                    { operationType: 'insert' },
                    { operationType: 'delete', 'ns.coll': { $in: deletable } },
                    { operationType: 'update', 'updateDescription.updatedFields.change': { $exists: true } },
                    { operationType: 'replace', 'fullDocument.change': { $exists: true } },
                  ],
                },
              ],
            },
            { operationType: 'insert', 'ns.db': barriers.dbName, 'ns.coll': barriers.collectionName },
            { operationType: 'invalidate' },
          ],
        },
      },
      {
        $project: {
          operationType: 1,
          ns: 1,
          documentKey: 1,
          clusterTime: 1,
          wallTime: 1,
          'fullDocument.authorId': 1,
          'fullDocument.postId': 1,
          'fullDocument.trace': 1,
          'fullDocument.change': 1,
          'fullDocument.createdAt': 1,
          // The media themselves would make a change many times as large.
          withoutMedia: { $eq: ['$fullDocument.media', []] },
          'updateDescription.updatedFields.change': 1,
          'updateDescription.updatedFields.trace': 1,
        },
      },
    ],
    { ...from, maxAwaitTimeMS: IDLE_MS, batchSize: 500 },
  );
}

/** Never throws. */
export function relayableOf(raw: RawChange, barrierCollection: string): Relayable {
  const { operationType, ns, documentKey, fullDocument, withoutMedia, updateDescription } = raw;
  if (operationType === 'invalidate') return { kind: 'invalidate' };
  const documentId = documentKey?._id;
  const collection = ns?.coll ?? '';
  if (collection === barrierCollection) {
    const createdAt = fullDocument?.createdAt;
    return {
      kind: 'barrier',
      barrierId: typeof documentId === 'string' ? documentId : '',
      at: createdAt instanceof Date ? createdAt.getTime() : null,
    };
  }
  const isReplaced = operationType === 'replace';
  const updated = isReplaced ? fullDocument : updateDescription?.updatedFields;
  const change = {
    operationType: isReplaced ? 'update' : operationType,
    collection,
    documentId,
    inserted: withoutMedia === true ? { ...fullDocument, media: [] } : fullDocument,
    change: updated?.change,
  };
  const reading = readChange(change);
  if (reading.kind === 'unreadable') return { ...reading, change };
  const trace = updated?.trace ?? fullDocument?.trace;
  return { ...reading, traceparent: isShortText(trace) ? trace : undefined };
}

/** When a change was made, in milliseconds, as exactly as the server reports. */
export function timeOf({ wallTime, clusterTime }: RawChange): number | null {
  if (wallTime instanceof Date) return wallTime.getTime();
  return clusterTime === undefined ? null : clusterTime.getHighBitsUnsigned() * 1_000;
}

/** The time of the deployment's last change, to stream from. */
export async function operationTimeOf({ client }: Deployment): Promise<Timestamp> {
  const { operationTime } = await client.db('admin').command({ ping: 1 });
  if (operationTime === undefined) {
    throw new Error('MongoDB tells no operation time: change streams need a replica set');
  }
  return operationTime as Timestamp;
}

const HISTORY_LOST = 286;
const STREAM_FATAL = 280;
const TOKEN_INVALID = 260;

/** Whether the stream can never resume from its position. */
export const isHistoryLost = (error: unknown): boolean =>
  error instanceof MongoServerError &&
  [HISTORY_LOST, STREAM_FATAL, TOKEN_INVALID].includes(Number(error.code));
