import type { Caches } from './caches.ts';
import type { Statements } from './statements.ts';
import type { Writer } from './writer.ts';

/** What an adapter works with: reads on this thread, writes by the writer, and the caches between. */
export interface Store {
  readonly read: Statements;
  readonly writer: Writer;
  readonly caches: Caches;
}

/** Above every id: the start of a list that goes down. */
export const aboveAllIds = ':';

export const emptySet: ReadonlySet<string> = new Set<string>();
