import type { DomainEvent } from '@twite/core/events/domain-event';
import { BSON, type Collection, type Document } from 'mongodb';
import type { Collections } from '../mongodb/databases.ts';
import { eventCollections, type StoredDoc } from '../mongodb/event-origins.ts';
import { bounded } from '../mongodb/reads.ts';
import { type Change, type ChangeReading, readChange, readStored } from './change-events.ts';
import { storedFields } from './snapshot.ts';

/** The approximate maximum size in bytes of a parked change: the document's author determines its size. */
const TEXT_MAX = 4_096;

/** The stored part of an unreadable change: enough to read its document again, unless its `_id` is too large. */
export function writeChange({ operationType, collection, documentId, change }: Change): string {
  const head = { operationType, collection };
  for (const kept of [
    { ...head, documentId, change },
    { ...head, documentId },
  ]) {
    const text = BSON.EJSON.stringify(kept, { relaxed: false });
    if (text.length <= TEXT_MAX) return text;
  }
  const start = BSON.EJSON.stringify({ documentId }, { relaxed: false }).slice(0, TEXT_MAX / 2);
  return JSON.stringify({ ...head, cut: start });
}

/** The change that `writeChange` wrote; undefined when too little of it is left. */
function changeIn(text: string): Change | undefined {
  try {
    const { operationType, collection, documentId, change } = BSON.EJSON.parse(text, { relaxed: true });
    if (typeof operationType !== 'string' || typeof collection !== 'string') return undefined;
    return documentId === undefined ? undefined : { operationType, collection, documentId, change };
  } catch {
    return undefined;
  }
}

/**
 * Reads a parked change again: the current state of its document, or what its deletion means. Returns the events to
 * publish, which may be none, or undefined when it still cannot be read.
 */
export async function readAgain(
  collections: Collections,
  text: string,
): Promise<readonly DomainEvent[] | undefined> {
  const change = changeIn(text);
  const collection = eventCollections.find((name) => name === change?.collection);
  if (change === undefined || collection === undefined) return undefined;
  const documents = collections[collection] as unknown as Collection<Document>;
  const projection = Object.fromEntries(storedFields(collection).map((field) => [field, 1]));
  const doc = await documents.findOne(
    { _id: change.documentId as Document['_id'] },
    { ...bounded, projection: { _id: 1, ...projection } },
  );
  if (doc !== null) return eventsOf(readStored(collection, doc as StoredDoc));
  // The document is gone. An unreadable deletion still means something.
  return change.operationType === 'delete' ? eventsOf([readChange(change)]) : [];
}

function eventsOf(readings: readonly ChangeReading[]): readonly DomainEvent[] | undefined {
  if (readings.some(({ kind }) => kind === 'unreadable')) return undefined;
  return readings.flatMap((reading) => (reading.kind === 'event' ? [reading.event] : []));
}
