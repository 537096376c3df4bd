import type { DatabaseSync } from 'node:sqlite';
import type { Invalidation } from '@twite/core/caching/invalidation';
import { isFull } from './sqlite-error.ts';
import { createStatements } from './statements.ts';
import { createWriteContext, type WriteContext } from './write-context.ts';
import { type WriteOperation, writes } from './writes.ts';

/** The outcome of one operation. A failure affects this operation alone: the others of its batch are committed. */
export type WriteOutcome =
  | { readonly ok: true; readonly result: unknown; readonly invalidations: readonly Invalidation[] }
  | { readonly ok: false; readonly error: Error };

/** The transaction is lost: it is unknown whether the batch was written, and the database can no longer be trusted. */
class TransactionLostError extends Error {
  override readonly name = 'TransactionLostError';
}

/** The batch could not start, so nothing was written. The next one may succeed. */
export class WriterBusyError extends Error {
  override readonly name = 'WriterBusyError';
}

/**
 * There is no space left: nothing of the batch was written, the connection is usable, and later batches may succeed.
 */
export class StorageFullError extends Error {
  override readonly name = 'StorageFullError';
}

type RunOperation = (context: WriteContext, args: unknown) => unknown;

/** Runs batches on one connection: a savepoint per operation, and one transaction, and so one fsync, for all. */
export function createBatchRunner(
  db: DatabaseSync,
): (operations: readonly WriteOperation[]) => WriteOutcome[] {
  const context = createWriteContext(createStatements(db));

  const runOne = ({ name, args, trace }: WriteOperation): WriteOutcome => {
    context.begin(trace);
    db.exec('SAVEPOINT operation');
    try {
      const result = (writes[name] as RunOperation)(context, args);
      db.exec('RELEASE operation');
      return { ok: true, result, invalidations: context.invalidations };
    } catch (error) {
      // A full disk fails the whole batch. On a failing disk, SQLite rolls back the transaction by itself.
      if (isFull(error) || !db.isTransaction) throw error;
      db.exec('ROLLBACK TO operation; RELEASE operation');
      return { ok: false, error: error instanceof Error ? error : new Error(String(error)) };
    }
  };

  return (operations) => {
    try {
      db.exec('BEGIN IMMEDIATE');
    } catch (error) {
      if (isFull(error)) throw storageFull(error);
      throw new WriterBusyError(`the database cannot be written now: ${messageOf(error)}`, { cause: error });
    }
    try {
      const outcomes = operations.map(runOne);
      db.exec('COMMIT');
      return outcomes;
    } catch (error) {
      if (isFull(error)) {
        // In the write-ahead log, a transaction is valid only with its last frame, which was not written.
        if (db.isTransaction) db.exec('ROLLBACK');
        throw storageFull(error);
      }
      // Never retried: after a failed fsync, a second COMMIT may succeed without the data.
      throw new TransactionLostError(`writing the database failed: ${messageOf(error)}`, { cause: error });
    }
  };
}

const storageFull = (cause: unknown): StorageFullError =>
  new StorageFullError(`there is no space left: ${messageOf(cause)}`, { cause });

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
