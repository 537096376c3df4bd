import type { Invalidation } from '@twite/core/caching/invalidation';
import type { QueryCall } from './queries.ts';
import type { Numbered, Reply } from './thread-calls.ts';
import type { WriteOperation } from './writes.ts';

export type QueuedOperation = Numbered<WriteOperation>;

/** Messages to the writer thread. */
export type ToWriter =
  | { readonly type: 'run'; readonly operations: readonly QueuedOperation[] }
  /** Closes after the previous messages. */
  | { readonly type: 'close' };

/** Messages from the writer thread. */
export type FromWriter =
  /** `isFull`: there is no space to open the file for writing. `reopened` follows once there is. */
  | { readonly type: 'opened'; readonly isFull: boolean }
  | { readonly type: 'reopened' }
  /** Writes started to fail for lack of space, or one succeeded again. */
  | { readonly type: 'storage'; readonly isFull: boolean }
  /** `line` is for the operator, if the reason is known. */
  | {
      readonly type: 'notOpened';
      readonly line: string | null;
      readonly error: Error;
      readonly isTransient: boolean;
    }
  | {
      readonly type: 'committed';
      readonly replies: readonly Reply[];
      readonly invalidations: readonly Invalidation[];
    }
  /** Nothing of these was written, and the database is intact. */
  | {
      readonly type: 'refused';
      readonly ids: readonly number[];
      readonly error: Error;
      readonly isFull: boolean;
    }
  | { readonly type: 'foreignWrite' }
  /** The state of the database is unknown. */
  | { readonly type: 'failed'; readonly error: Error }
  | { readonly type: 'closed' };

export type QueuedQuery = Numbered<QueryCall>;

/** Messages to the reader thread. */
export type ToReader =
  | { readonly type: 'run'; readonly queries: readonly QueuedQuery[] }
  /** Nobody waits for it any more: unless it has started, it gets an empty reply without being run. */
  | { readonly type: 'cancel'; readonly id: number }
  /** Closes after the current query. */
  | { readonly type: 'close' };

/** Messages from the reader thread: one per query. */
export type FromReader = Reply;
