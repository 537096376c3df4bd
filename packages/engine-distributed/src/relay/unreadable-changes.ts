import type { DomainEvent } from '@twite/core/events/domain-event';
import { BSON, type Collection, type Document } from 'mongodb';
import type { Collections } from '../mongodb/databases.ts';
import { bounded } from '../mongodb/reads.ts';
import { type Change, type ChangeReading, readChange } from './change-events.ts';
import { type SourceName, sources } from './stored-events.ts';

/** Bytes of a parked change at most, about: the document's author decides how many it has. */
const TEXT_MAX = 4_096;

/** What is kept of a change that cannot be read: enough to read its document again, unless its `_id` is too large. */
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

/** The change that was written by `writeChange`; undefined when too little of it is there. */
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
 * Reads a parked change again: its document as it stands now, or what its deletion says. The events to publish, which may
 * be none; undefined when it still cannot be read.
 */
export async function readAgain(
  collections: Collections,
  text: string,
): Promise<readonly DomainEvent[] | undefined> {
  const change = changeIn(text);
  const source = sources.find(({ collection }) => collection === change?.collection);
  if (change === undefined || source === undefined) return undefined;
  const documents = collections[source.collection as SourceName] as unknown as Collection<Document>;
  const projection = Object.fromEntries(source.fields.map((field) => [field, 1]));
  const doc = await documents.findOne(
    { _id: change.documentId as Document['_id'] },
    { ...bounded, projection: { _id: 1, ...projection } },
  );
  if (doc !== null) return eventsOf(source.read(doc));
  // Nothing is left of it. A deletion that cannot be read still has something to tell.
  return change.operationType === 'delete' ? eventsOf([readChange(change)]) : [];
}

function eventsOf(readings: readonly ChangeReading[]): readonly DomainEvent[] | undefined {
  if (readings.some(({ kind }) => kind === 'unreadable')) return undefined;
  return readings.flatMap((reading) => (reading.kind === 'event' ? [reading.event] : []));
}
