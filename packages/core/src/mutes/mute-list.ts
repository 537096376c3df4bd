import type { AccountEdge, PageBefore } from '../keyset.ts';

/** Source of truth for who mutes whom. Emits accountMuted, accountUnmuted. */
export interface MuteList {
  /** False when it is muted already. `edgeId` is a snowflake, the cursor of the list. */
  add(edgeId: string, accountId: string, targetId: string): Promise<boolean>;
  remove(accountId: string, targetId: string): Promise<boolean>;
  /** Whom the account mutes, newest first. */
  list(accountId: string, page: PageBefore): Promise<readonly AccountEdge[]>;
  /** Everyone that the account mutes. */
  mutedBy(accountId: string): Promise<ReadonlySet<string>>;
  /** Erases at most `limit` mutes from and to the account; how many it erased. */
  purgeByAccount(accountId: string, limit: number): Promise<number>;
}
