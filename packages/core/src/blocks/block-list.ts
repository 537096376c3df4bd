import type { AccountEdge, PageBefore } from '../keyset.ts';

/** Source of truth for who blocks whom. Emits accountBlocked, accountUnblocked. */
export interface BlockList {
  /** Returns false if the account is already blocked. `edgeId` is a snowflake, the cursor of the list. */
  add(edgeId: string, accountId: string, targetId: string): Promise<boolean>;
  remove(accountId: string, targetId: string): Promise<boolean>;
  /** The accounts that this account blocks, newest first. */
  list(accountId: string, page: PageBefore): Promise<readonly AccountEdge[]>;
  /** The number of accounts that it blocks, at most `max`. */
  count(accountId: string, max: number): Promise<number>;
  /** The accounts that it blocks and those that block it: neither side sees the other. */
  hiddenFrom(accountId: string): Promise<ReadonlySet<string>>;
  /** The candidates that the account blocks. */
  blockedAmong(accountId: string, candidateIds: readonly string[]): Promise<ReadonlySet<string>>;
  /** The candidates that block the account. */
  blockersAmong(accountId: string, candidateIds: readonly string[]): Promise<ReadonlySet<string>>;
  /** Erases at most `limit` blocks from and to the account, and returns how many it erased. */
  purgeByAccount(accountId: string, limit: number): Promise<number>;
}
