import type { AccountEdge, PageBefore } from '../keyset.ts';

/** Source of truth for who blocks whom. Emits accountBlocked, accountUnblocked. */
export interface BlockList {
  /** False when it is blocked already. `edgeId` is a snowflake, the cursor of the list. */
  add(edgeId: string, accountId: string, targetId: string): Promise<boolean>;
  remove(accountId: string, targetId: string): Promise<boolean>;
  /** Whom the account blocks, newest first. */
  list(accountId: string, page: PageBefore): Promise<readonly AccountEdge[]>;
  /** How many accounts it blocks; `max` if it blocks more. */
  count(accountId: string, max: number): Promise<number>;
  /** Whom the account blocks and who blocks it, together: neither sees the other. */
  hiddenFrom(accountId: string): Promise<ReadonlySet<string>>;
  /** Those of the candidates that the account blocks. */
  blockedAmong(accountId: string, candidateIds: readonly string[]): Promise<ReadonlySet<string>>;
  /** Those of the candidates that block the account. */
  blockersAmong(accountId: string, candidateIds: readonly string[]): Promise<ReadonlySet<string>>;
  /** Erases at most `limit` blocks from and to the account; how many it erased. */
  purgeByAccount(accountId: string, limit: number): Promise<number>;
}
