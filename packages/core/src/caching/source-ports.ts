import type { AccountStore } from '../accounts/account-store.ts';
import type { FollowGraph } from '../follows/follow-graph.ts';

/*
 * The ports behind the caches. Each of them reports the values changed by a write to the bus itself, once the write is
 * durable and before its promise resolves: only the source knows what else changed, such as the sessions of an account.
 */

export interface SourceAccountStore extends AccountStore {
  /** Every account that is marked popular, whatever its status. */
  listPopularAccountIds(): Promise<readonly string[]>;
}

export interface SourceFollowGraph extends FollowGraph {
  /** Every current follow of the account, counted or not. */
  listFollowees(
    accountId: string,
  ): Promise<readonly { readonly followeeId: string; readonly counted: boolean }[]>;
}
