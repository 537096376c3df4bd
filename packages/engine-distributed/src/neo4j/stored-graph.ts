import type { Driver } from 'neo4j-driver';
import type { GraphFollow } from './merge-graph.ts';
import { queryRows } from './query-rows.ts';

/** The state of an account in the graph, to be compared with its source. */
export interface StoredAccount {
  readonly accountId: string;
  /** Null while the account is known only from a follow. */
  readonly status: string | null;
  readonly rev: number | null;
  /** The accounts it follows, and those it unfollowed (`active: false`). */
  readonly follows: readonly Omit<GraphFollow, 'followerId'>[];
}

/** Accounts with their outgoing follows, by id from above `after`. */
export function storedAccounts(
  driver: Driver,
  space: string,
  after: string | undefined,
  limit: number,
): Promise<readonly StoredAccount[]> {
  return queryRows<StoredAccount>(
    driver,
    `MATCH (account:TwiteAccount {space: $space}) WHERE account.accountId > $after
     WITH account ORDER BY account.accountId LIMIT toInteger($limit)
     RETURN account.accountId AS accountId, account.status AS status, account.rev AS rev,
       COLLECT {
         MATCH (account)-[follow:FOLLOWS]->(followee)
         RETURN {
           followeeId: followee.accountId, followId: follow.followId, active: follow.active, rev: follow.rev
         }
         ORDER BY followee.accountId
       } AS follows
     ORDER BY accountId`,
    { space, after: after ?? '', limit },
    'READ',
  );
}
