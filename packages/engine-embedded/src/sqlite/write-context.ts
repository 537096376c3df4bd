import type { DomainEvent } from '@twite/core/events/domain-event';
import type { CacheName, Touch } from './caches.ts';
import type { Statements } from './statements.ts';

/** What a write procedure works with. It runs alone, inside a savepoint: throwing undoes all that it did. */
export interface WriteContext extends Statements {
  /** Appends an event, in the same transaction. */
  emit(event: DomainEvent): void;
  /** Says which cached value the procedure may have changed; `*` for all of that cache. */
  touch(cache: CacheName, key: string): void;
  /** Of the span that asked for the write, where spans are kept: events and jobs carry it on. */
  readonly trace: string | null;
  /** Seen by `run` of the batch when the procedure is through. */
  readonly touched: readonly Touch[];
}

/** A procedure of the writer. Arguments and result cross threads, so they are plain data. */
export type WriteProcedure = (context: WriteContext, args: never) => unknown;

export function createWriteContext(
  statements: Statements,
): WriteContext & { begin(trace: string | undefined): void } {
  let touched: Touch[] = [];
  let trace: string | null = null;
  return {
    ...statements,
    emit(event) {
      statements.run(
        'INSERT INTO events (payload, at, trace) VALUES (?, ?, ?)',
        JSON.stringify(event),
        Date.now(),
        trace,
      );
    },
    touch(cache, key) {
      touched.push([cache, key]);
    },
    get touched() {
      return touched;
    },
    get trace() {
      return trace;
    },
    begin(traceOfOperation) {
      touched = [];
      trace = traceOfOperation ?? null;
    },
  };
}

/** Whether what the account does counts in the numbers of others. An account unknown here is taken to be active. */
export function counts(context: WriteContext, accountId: string): boolean {
  const row = context.get<{ status: string }>('SELECT status FROM accounts WHERE account_id = ?', accountId);
  return row === undefined || row.status === 'active';
}
