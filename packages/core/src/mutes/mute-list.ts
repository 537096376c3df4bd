import type { AccountEdge, PageBefore } from '../keyset.ts';

/** Source of truth for who mutes whom. Emits accountMuted, accountUnmuted. */
export interface MuteList {
  /** Returns false if the account is already muted. `edgeId` is a snowflake, the cursor of the list. */
  add(edgeId: string, accountId: string, targetId: string): Promise<boolean>;
  remove(accountId: string, targetId: string): Promise<boolean>;
  /** The accounts that this account mutes, newest first. */
  list(accountId: string, page: PageBefore): Promise<readonly AccountEdge[]>;
  /** All accounts that this account mutes. */
  mutedBy(accountId: string): Promise<ReadonlySet<string>>;
  /** Erases at most `limit` mutes from and to the account, and returns how many it erased. */
  purgeByAccount(accountId: string, limit: number): Promise<number>;
}
