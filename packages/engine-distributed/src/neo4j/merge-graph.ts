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

// `seenAt` is when a node or edge was last written, or seen by a rebuild. Setting it takes the lock, so the revision is
// compared again behind it: another consumer may have written a newer one in between. The same revision is written again,
// which only a rebuild comes to: it mends what something else than us changed.
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
  /** What a rebuild writes to everything that it saw; else only what changed is marked, with the time. */
  readonly mark?: number;
}

const rowsAtOnce = 500;

/** Brings accounts and follows to their revision, where the graph has not a newer one. Repeats and changes of order do no harm. */
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

// In one order everywhere, so that consumers at work on the same accounts rarely lock each other out.
const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
const byAccount = (a: GraphAccount, b: GraphAccount) => compare(a.accountId, b.accountId);
const byEnds = (a: GraphFollow, b: GraphFollow) =>
  compare(a.followerId, b.followerId) || compare(a.followeeId, b.followeeId);

function* inChunks<T>(rows: readonly T[]): Generator<T[]> {
  for (let start = 0; start < rows.length; start += rowsAtOnce) yield rows.slice(start, start + rowsAtOnce);
}
