import type { AccountStore } from '@twite/core/accounts/account-store';
import type { FollowGraph } from '@twite/core/follows/follow-graph';

/*
 * What the caches stand in front of. Each of these stores names what a write changed to the bus itself, once it is durable
 * and before its promise resolves: it alone knows what else went with it, such as the sessions of an account. Where a
 * write fails, nobody knows whether it was done, and the decorators touch all that it can have changed.
 */

export interface InnerAccountStore extends AccountStore {
  /** Every account that is marked popular, whatever its status. */
  listPopularAccountIds(): Promise<readonly string[]>;
}

export interface InnerFollowGraph extends FollowGraph {
  /** Every follow of the account that stands, counted or not. */
  listFollowees(
    accountId: string,
  ): Promise<readonly { readonly followeeId: string; readonly counted: boolean }[]>;
}
