import { type Invalidation, tag } from '../caching/invalidation.ts';
import type { DomainEvent } from './domain-event.ts';
import { eventDefinitionOf } from './event-catalogue.ts';

/** The cached values that an event may have made stale, in case the writer crashed before it invalidated them. */
export function invalidationsOf(event: DomainEvent): readonly Invalidation[] {
  const ids = event as unknown as Readonly<Record<string, string>>;
  return eventDefinitionOf(event.type).invalidates.map(([cache, field, tagged]) => {
    const id = ids[field] as string;
    return [cache, tagged === undefined ? id : tag(id)];
  });
}
