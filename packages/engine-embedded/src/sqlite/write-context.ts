import type { Invalidation } from '@twite/core/caching/invalidation';
import type { DomainEvent } from '@twite/core/events/domain-event';
import { eventCatalogue } from '@twite/core/events/event-catalogue';
import { invalidationsOf } from '@twite/core/events/invalidations-of';
import type { CacheName } from '@twite/core/measures/cache-state';
import type { Statements } from './statements.ts';

/** The tools of a write procedure. It runs alone, inside a savepoint: throwing undoes all of its changes. */
export interface WriteContext extends Statements {
  /** Appends an event, in the same transaction, and invalidates the cached values that it makes stale. */
  emit(event: DomainEvent): void;
  /** Reports which cached value the procedure may have changed; `*` for all values of the cache. */
  invalidate(cache: CacheName, key: string): void;
  /** The traceparent of the span that requested the write, if spans are recorded. Events and jobs propagate it. */
  readonly trace: string | null;
  /** Read by `run` of the batch when the procedure is done. */
  readonly invalidations: readonly Invalidation[];
}

/** A procedure of the writer. Arguments and result cross threads, so they are plain data. */
export type WriteProcedure = (context: WriteContext, args: never) => unknown;

export function createWriteContext(
  statements: Statements,
): WriteContext & { begin(trace: string | undefined): void } {
  let invalidations: Invalidation[] = [];
  let trace: string | null = null;
  return {
    ...statements,
    emit(event) {
      invalidations.push(...invalidationsOf(event));
      if (eventCatalogue[event.type].consumers.length === 0) return;
      statements.run(
        'INSERT INTO events (payload, at, trace) VALUES (?, ?, ?)',
        JSON.stringify(event),
        Date.now(),
        trace,
      );
    },
    invalidate(cache, key) {
      invalidations.push([cache, key]);
    },
    get invalidations() {
      return invalidations;
    },
    get trace() {
      return trace;
    },
    begin(traceOfOperation) {
      invalidations = [];
      trace = traceOfOperation ?? null;
    },
  };
}

/**
 * Whether the account's actions are included in the counts of others. An account unknown here is assumed to be active.
 */
export function counts(context: WriteContext, accountId: string): boolean {
  const row = context.get<{ status: string }>('SELECT status FROM accounts WHERE account_id = ?', accountId);
  return row === undefined || row.status === 'active';
}
