import type { DomainEvent } from '@twite/core/events/domain-event';
import type { Collection } from 'mongodb';
import { type Collections, type DatabaseName, databaseOf } from '../mongodb/databases.ts';
import { eventCollections, originsIn, type StoredDoc } from '../mongodb/event-origins.ts';
import { bounded } from '../mongodb/reads.ts';
import { type Change, readStored } from './change-events.ts';

const BATCH = 500;

/** A part of a snapshot, and the place after it. */
export interface SnapshotBatch {
  readonly events: readonly DomainEvent[];
  /** Unreadable documents, and why. */
  readonly unreadable: readonly { readonly change: Change; readonly reason: string }[];
  readonly place: { readonly collection: string; readonly after: string };
}

/**
 * The current state as events, for the start and for when changes were missed. It may or may not include changes made
 * meanwhile, so the stream of changes resumes from a time before it. Each batch is a separate read, so that a snapshot
 * may take hours and resume from a place.
 */
export async function* snapshotOf(
  collections: Collections,
  databases: readonly DatabaseName[],
  begun?: SnapshotBatch['place'],
): AsyncGenerator<SnapshotBatch> {
  // If another version began with a collection that this one does not know, the snapshot starts over.
  const first = Math.max(0, (eventCollections as readonly string[]).indexOf(begun?.collection ?? ''));
  for (const collection of eventCollections.slice(first)) {
    if (!databases.includes(databaseOf[collection])) continue;
    const documents = collections[collection] as unknown as Collection<StoredDoc & { _id: string }>;
    const projection = Object.fromEntries(storedFields(collection).map((field) => [field, 1]));
    if (collection !== begun?.collection) yield* foreignIds(documents, collection);
    for (let after = collection === begun?.collection ? begun.after : ''; ; ) {
      const batch = await documents
        .find({ _id: { $gt: after } }, { ...bounded, projection: { _id: 1, ...projection } })
        .sort({ _id: 1 })
        .limit(BATCH)
        .toArray();
      const last = batch[batch.length - 1];
      if (last === undefined) break;
      after = last._id;
      const events: DomainEvent[] = [];
      const unreadable: { change: Change; reason: string }[] = [];
      for (const doc of batch) {
        for (const reading of readStored(collection, doc)) {
          if (reading.kind === 'event') events.push(reading.event);
          else if (reading.kind === 'unreadable') {
            const change = { operationType: 'insert', collection, documentId: doc._id };
            unreadable.push({ change, reason: reading.reason });
          }
        }
      }
      yield { events, unreadable, place: { collection, after } };
      if (batch.length < BATCH) break;
    }
  }
}

/** The fields that reading the documents of a collection needs besides `_id`. */
export const storedFields = (collection: string): readonly string[] =>
  originsIn(collection).flatMap(([, { fields = [], stored }]) =>
    stored === undefined ? [] : [...fields, ...stored.fields],
  );

const FOREIGN_MAX = 1_000;

/** Documents whose ids are not Twite's, which the walk by id therefore misses: as unreadable as in the stream. */
async function* foreignIds(
  documents: Collection<StoredDoc & { _id: string }>,
  collection: Change['collection'],
): AsyncGenerator<SnapshotBatch> {
  const found = await documents
    .find({ _id: { $not: { $type: 'string' } } }, { ...bounded, projection: { _id: 1 } })
    .limit(FOREIGN_MAX)
    .toArray();
  if (found.length === 0) return;
  const unreadable = found.map(({ _id }) => ({
    change: { operationType: 'insert', collection, documentId: _id } as const,
    reason: 'its _id is not a text',
  }));
  yield { events: [], unreadable, place: { collection, after: '' } };
}
