import type { EventCatalogue, EventType, EventTypeFor } from './event-catalogue.ts';
import type { ConsumerName } from './event-stream.ts';

type FieldsOf<T extends EventType> = { readonly [F in EventCatalogue[T]['fields'][number]]: string };
type MarksOf<T extends EventType> = EventCatalogue[T] extends { readonly marks: infer M }
  ? { readonly [K in keyof M]?: M[K] }
  : unknown;

export type EventOf<T extends EventType> = {
  [U in T]: { readonly type: U } & FieldsOf<U> & MarksOf<U>;
}[T];

/** Something that durably happened: see the catalogue. */
export type DomainEvent = EventOf<EventType>;

/** An event that this consumer handles. */
export type EventFor<C extends ConsumerName> = EventOf<EventTypeFor<C>>;

/** The media mark for the event of content that was written with these media. */
export const markMedia = (media: readonly unknown[]): { readonly media?: 'none' } =>
  media.length === 0 ? { media: 'none' } : {};
