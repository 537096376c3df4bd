import type { AccountStatus } from '@twite/core/accounts/account-store';
import type { Driver, ManagedTransaction } from 'neo4j-driver';
import { ensureGraph } from './ensure-graph.ts';

export interface GraphAccount {
  readonly accountId: string;
  readonly status: AccountStatus;
  readonly rev: number;
}

export interface GraphFollow {
  readonly followerId: string;
  readonly followeeId: string;
  readonly followId: string;
  /** False: unfollowed. */
  readonly active: boolean;
  readonly rev: number;
}

// `seenAt` is the time when a rebuild saw a node or edge, or when it was last written. Setting it takes the lock, so
// the revision is compared again afterwards: another consumer may have written a newer one in between. The same
// revision is written again, which only a rebuild reaches: it repairs changes made by anything other than Twite.
const mergeAccounts = `
  UNWIND $accounts AS row
  MERGE (account:TwiteAccount {space: $space, accountId: row.accountId})
  WITH account, row WHERE $mark IS NOT NULL OR row.rev > coalesce(account.rev, 0)
  SET account.seenAt = coalesce($mark, timestamp())
  WITH account, row WHERE row.rev >= coalesce(account.rev, 0)
  SET account.rev = row.rev, account.status = row.status`;

const mergeFollows = `
  UNWIND $follows AS row
  MERGE (follower:TwiteAccount {space: $space, accountId: row.followerId})
  MERGE (followee:TwiteAccount {space: $space, accountId: row.followeeId})
  MERGE (follower)-[follow:FOLLOWS]->(followee)
  WITH follow, row WHERE $mark IS NOT NULL OR row.rev > coalesce(follow.rev, 0)
  SET follow.seenAt = coalesce($mark, timestamp())
  WITH follow, row WHERE row.rev >= coalesce(follow.rev, 0)
  SET follow.rev = row.rev, follow.active = row.active, follow.followId = row.followId`;

export interface Merge {
  readonly accounts: readonly GraphAccount[];
  readonly follows: readonly GraphFollow[];
  /** The mark that a rebuild writes to everything it saw; otherwise only changed data is marked, with the time. */
  readonly mark?: number;
}

const rowsAtOnce = 500;

/**
 * Updates accounts and follows to their revision, unless the graph has a newer one. Repeated and reordered updates are
 * harmless.
 */
export async function mergeGraph(driver: Driver, space: string, merge: Merge): Promise<void> {
  const { mark = null } = merge;
  const [accounts, follows] = [merge.accounts.toSorted(byAccount), merge.follows.toSorted(byEnds)];
  if (accounts.length + follows.length === 0) return;
  await ensureGraph(driver);
  const session = driver.session({ defaultAccessMode: 'WRITE' });
  const write = (cypher: string, parameters: object) =>
    session.executeWrite((transaction: ManagedTransaction) =>
      transaction.run(cypher, { space, mark, ...parameters }),
    );
  try {
    for (const some of inChunks(accounts)) await write(mergeAccounts, { accounts: some });
    for (const some of inChunks(follows)) await write(mergeFollows, { follows: some });
  } finally {
    await session.close();
  }
}

// Sorted the same way everywhere, so that consumers that work on the same accounts rarely deadlock.
const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
const byAccount = (a: GraphAccount, b: GraphAccount) => compare(a.accountId, b.accountId);
const byEnds = (a: GraphFollow, b: GraphFollow) =>
  compare(a.followerId, b.followerId) || compare(a.followeeId, b.followeeId);

function* inChunks<T>(rows: readonly T[]): Generator<T[]> {
  for (let start = 0; start < rows.length; start += rowsAtOnce) yield rows.slice(start, start + rowsAtOnce);
}
