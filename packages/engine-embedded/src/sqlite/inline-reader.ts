import { queries } from './queries.ts';
import type { Reader } from './reader.ts';
import type { Statements } from './statements.ts';
import { unavailable } from './writer.ts';

type RunQuery = (read: Statements, args: unknown) => never;

/** Reads on the caller's thread and connection: for an in-memory database, which no other connection can open. */
export function createInlineReader(read: Statements): Reader {
  let closed: Error | undefined;
  return {
    async run(name, args) {
      if (closed !== undefined) throw unavailable(closed);
      // Clones as for a thread: whatever cannot be cloned must not work here either.
      return structuredClone((queries[name] as RunQuery)(read, structuredClone(args)));
    },
    async close() {
      closed = new Error('the engine is closed');
    },
  };
}
