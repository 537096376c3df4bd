import type { AccountStore } from '@twite/core/accounts/account-store';
import type { FollowGraph } from '@twite/core/follows/follow-graph';

/*
 * The stores behind the caches. Each of them reports the values changed by a write to the bus itself, once the write is
 * durable and before its promise resolves: only the store knows what else changed, such as the sessions of an account.
 * When a write fails, its outcome is unknown, and the decorators invalidate everything it may have changed.
 */

export interface InnerAccountStore extends AccountStore {
  /** Every account that is marked popular, whatever its status. */
  listPopularAccountIds(): Promise<readonly string[]>;
}

export interface InnerFollowGraph extends FollowGraph {
  /** Every current follow of the account, counted or not. */
  listFollowees(
    accountId: string,
  ): Promise<readonly { readonly followeeId: string; readonly counted: boolean }[]>;
}
