import type { Reader } from './reader.ts';
import type { Statements } from './statements.ts';
import type { Writer } from './writer.ts';

/** The tools of an adapter: short reads on this thread, long reads by the reader, and writes by the writer. */
export interface Store {
  readonly read: Statements;
  readonly reader: Reader;
  readonly writer: Writer;
}

/** Above every id: the start of a descending list. */
export const aboveAllIds = ':';

export const emptySet: ReadonlySet<string> = new Set<string>();
