import type { DomainEvent } from '@twite/core/events/domain-event';
import type { CacheName, Touch } from './caches.ts';
import type { Statements } from './statements.ts';

/** What a write procedure works with. It runs alone, inside a savepoint: throwing undoes all that it did. */
export interface WriteContext extends Statements {
  /** Appends an event, in the same transaction. */
  emit(event: DomainEvent): void;
  /** Says which cached value the procedure may have changed; `*` for all of that cache. */
  touch(cache: CacheName, key: string): void;
  /** Seen by `run` of the batch when the procedure is through. */
  readonly touched: readonly Touch[];
}

/** A procedure of the writer. Arguments and result cross threads, so they are plain data. */
export type WriteProcedure = (context: WriteContext, args: never) => unknown;

export function createWriteContext(statements: Statements): WriteContext & { forgetTouched(): void } {
  let touched: Touch[] = [];
  return {
    ...statements,
    emit(event) {
      statements.run('INSERT INTO events (payload, at) VALUES (?, ?)', JSON.stringify(event), Date.now());
    },
    touch(cache, key) {
      touched.push([cache, key]);
    },
    get touched() {
      return touched;
    },
    forgetTouched() {
      touched = [];
    },
  };
}

/** Whether what the account does counts in the numbers of others. An account unknown here is taken to be active. */
export function counts(context: WriteContext, accountId: string): boolean {
  const row = context.get<{ status: string }>('SELECT status FROM accounts WHERE account_id = ?', accountId);
  return row === undefined || row.status === 'active';
}
