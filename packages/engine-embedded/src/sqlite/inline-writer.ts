import type { DatabaseSync } from 'node:sqlite';
import { sampledTrace } from '@twite/core/tracer';
import { createBatchRunner, StorageFullError } from './write-batch.ts';
import { type CommitListener, storageFull, unavailable, type Writer } from './writer.ts';
import type { WriteResult } from './writes.ts';

/** Writes on the caller's thread and connection: for an in-memory database, where nothing waits for a disk. */
export function createInlineWriter(db: DatabaseSync, listener: CommitListener): Writer {
  const runBatch = createBatchRunner(db);
  const { promise: failed, resolve: fail } = Promise.withResolvers<Error>();
  let closed: Error | undefined;
  return {
    async run(name, args) {
      if (closed !== undefined) throw unavailable(closed);
      let outcome: ReturnType<typeof runBatch>[number] | undefined;
      try {
        // Clones as for a thread: whatever cannot be cloned must not work here either.
        [outcome] = runBatch([{ name, args: structuredClone(args), trace: sampledTrace() }]);
      } catch (error) {
        if (error instanceof StorageFullError) throw storageFull(error);
        closed = error as Error;
        fail(closed);
        throw unavailable(error);
      }
      if (outcome === undefined) throw new Error('a batch of one has one outcome');
      if (!outcome.ok) throw outcome.error;
      listener.committed(outcome.invalidations);
      return outcome.result as WriteResult<typeof name>;
    },
    isFull: false,
    failed,
    async close() {
      closed = new Error('the engine is closed');
    },
  };
}
