import { type DomainEvent, markMedia } from '@twite/core/events/domain-event';
import { type EventType, eventDefinitionOf } from '@twite/core/events/event-catalogue';
import { type EventOrigin, originsIn, type StoredDoc } from '../mongodb/event-origins.ts';

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

const placeholder = /^\{(\w+)\}$/;

/** The fields in an `_id`, by an origin's template; undefined when the id does not match it. */
function idsIn(
  documentId: string,
  { id: template }: EventOrigin,
): Readonly<Record<string, string>> | undefined {
  const parts = documentId.split(':');
  const expected = template.split(':');
  if (parts.length !== expected.length) return undefined;
  const ids: Record<string, string> = {};
  for (const [at, name] of expected.entries()) {
    const part = parts[at];
    if (!isShortText(part)) return undefined;
    const field = placeholder.exec(name)?.[1];
    if (field !== undefined) ids[field] = part;
    else if (part !== name) return undefined;
  }
  return ids;
}

type Origins = readonly (readonly [EventType, EventOrigin])[];

/** Reads a document as the first of these events whose template its `_id` matches. */
function readAs(origins: Origins, documentId: string, fieldOf: (field: string) => unknown): ChangeReading {
  for (const [type, origin] of origins) {
    const ids = idsIn(documentId, origin);
    if (ids === undefined) continue;
    const event: Record<string, string> = { type, ...ids };
    for (const field of origin.fields ?? []) {
      const value = fieldOf(field);
      if (!isShortText(value)) return unreadable(`its ${field} is not an id: ${quoted(value)}`);
      event[field] = value;
    }
    if (eventDefinitionOf(type).marks !== undefined) {
      const media = fieldOf('media');
      // A value that is not a list may stand for media: documents from before media have no such field.
      Object.assign(event, markMedia(Array.isArray(media) ? media : [media]));
    }
    return eventOf(event as unknown as DomainEvent);
  }
  const templates = [...new Set(origins.map(([, { id }]) => id))].join(' or ');
  return unreadable(`its _id is not of the form ${templates}: ${quoted(documentId)}`);
}

function readUpdate(origins: Origins, documentId: string, change: unknown): ChangeReading {
  if (typeof change !== 'string') return unreadable(`its change is not a text: ${quoted(change)}`);
  const [type, , ...values] = change.split(' ');
  const written = origins.filter(([name, { on }]) => name === type && on.includes('update'));
  if (written.length === 0) return unreadable(`its change is not known: ${quoted(change)}`);
  const fields = written[0]?.[1].fields ?? [];
  return readAs(written, documentId, (field) => values[fields.indexOf(field)]);
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

/** Reads any change; never throws. */
export function readChange({
  operationType,
  collection,
  documentId,
  inserted,
  change,
}: Change): ChangeReading {
  const isUpdate = operationType === 'update';
  const origins = originsIn(collection).filter(([, { on }]) =>
    (on as readonly string[]).includes(operationType),
  );
  // Updates without `change`, and deletions of tombstones, are not events.
  if (isUpdate ? change === undefined || originsIn(collection).length === 0 : origins.length === 0)
    return nothing;
  if (!isShortText(documentId)) return unreadable(`its _id is not an id: ${quoted(documentId)}`);
  if (isUpdate) return readUpdate(origins, documentId, change);
  return readAs(origins, documentId, (field) => (isRecord(inserted) ? inserted[field] : undefined));
}

/** Reads a stored document as the events of its current state; never throws. */
export function readStored(collection: string, doc: StoredDoc): readonly ChangeReading[] {
  const origins = originsIn(collection).filter(([, { stored }]) => stored?.matches(doc) === true);
  if (origins.length === 0) return [];
  const documentId = doc._id;
  if (!isShortText(documentId)) return [unreadable(`its _id is not an id: ${quoted(documentId)}`)];
  const matching = origins.filter(([, origin]) => idsIn(documentId, origin) !== undefined);
  if (matching.length === 0) return [readAs(origins, documentId, () => undefined)];
  return matching.map((origin) => readAs([origin], documentId, (field) => doc[field]));
}
