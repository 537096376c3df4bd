import type { Touch } from './caches.ts';
import type { QueryCall } from './queries.ts';
import type { Numbered, Reply } from './thread-calls.ts';
import type { WriteOperation } from './writes.ts';

export type QueuedOperation = Numbered<WriteOperation>;

/** To the writer thread. */
export type ToWriter =
  | { readonly type: 'run'; readonly operations: readonly QueuedOperation[] }
  /** After what came before. */
  | { readonly type: 'close' };

/** From the writer thread. */
export type FromWriter =
  /** `isFull`: there is no space to open the file for writing. `reopened` follows when there is. */
  | { readonly type: 'opened'; readonly isFull: boolean }
  | { readonly type: 'reopened' }
  /** Writes began to fail for lack of space, or one succeeded again. */
  | { readonly type: 'storage'; readonly isFull: boolean }
  /** `line` for the operator, when it is a known reason. */
  | {
      readonly type: 'notOpened';
      readonly line: string | null;
      readonly error: Error;
      readonly isTransient: boolean;
    }
  | {
      readonly type: 'committed';
      readonly replies: readonly Reply[];
      readonly touched: readonly Touch[];
    }
  /** Nothing of these was written, and nothing is broken. */
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

/** To the reader thread. */
export type ToReader =
  | { readonly type: 'run'; readonly queries: readonly QueuedQuery[] }
  /** Nobody waits for it any more: unless it has begun, it gets an empty reply without being run. */
  | { readonly type: 'cancel'; readonly id: number }
  /** After the query under way. */
  | { readonly type: 'close' };

/** From the reader thread: one for each query. */
export type FromReader = Reply;
