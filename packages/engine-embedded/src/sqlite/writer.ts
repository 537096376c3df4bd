import { ContractError } from '@twite/contract';
import type { Invalidation } from '@twite/core/caching/invalidation';
import type { WriteArgs, WriteName, WriteResult } from './writes.ts';

/** Runs procedures one after another, durably: a promise resolves after the commit. */
export interface Writer {
  /**
   * @throws ContractError `unavailable` when the writer is closed or failed, or it is unknown whether the write
   * happened; `storage_full` when there was no space, so that nothing was written.
   */
  run<N extends WriteName>(name: N, args: WriteArgs<N>): Promise<WriteResult<N>>;
  /** Whether writes fail for lack of space. */
  readonly isFull: boolean;
  /** Resolves when the database can no longer be trusted. Never rejects. */
  readonly failed: Promise<Error>;
  /** Waits for pending operations, then closes. */
  close(): Promise<void>;
}

/** Called in the order of commits, each time before the promises of the commit's operations resolve. */
export interface CommitListener {
  committed(invalidations: readonly Invalidation[]): void;
  /** Another process wrote. */
  foreignWrite(): void;
}

/** Seconds until a client should retry; the writer checks for space more often. */
const FULL_RETRY_AFTER_SECONDS = 5;

export const storageFull = (cause: unknown): ContractError =>
  new ContractError('storage_full', { retryAfterSeconds: FULL_RETRY_AFTER_SECONDS, cause });

export const isStorageFull = (error: unknown): boolean =>
  error instanceof ContractError && error.code === 'storage_full';

export const unavailable = (cause: unknown): ContractError => new ContractError('unavailable', { cause });
