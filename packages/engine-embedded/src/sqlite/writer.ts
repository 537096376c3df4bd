import { ContractError } from '@twite/contract';
import type { Touch } from './caches.ts';
import type { WriteArgs, WriteName, WriteResult } from './writes.ts';

/** Runs procedures, one after another, and durably: a promise resolves after the commit. */
export interface Writer {
  /** @throws ContractError `unavailable` when the writer is closed or failed, or whether it was written is unknown. */
  run<N extends WriteName>(name: N, args: WriteArgs<N>): Promise<WriteResult<N>>;
  /** Resolves when the database can no longer be trusted. Never rejects. */
  readonly failed: Promise<Error>;
  /** Waits for what was asked before, then closes. */
  close(): Promise<void>;
}

/** Told in the order of commits, each before the promises of its operations resolve. */
export interface CommitListener {
  committed(touched: readonly Touch[]): void;
  /** Another process wrote. */
  foreignWrite(): void;
}

export const unavailable = (cause: unknown): ContractError => new ContractError('unavailable', { cause });
