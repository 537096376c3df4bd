import type { RebuiltGraph } from '@twite/core/admin/derived-data';
import type { Driver } from 'neo4j-driver';
import type { Log } from '../log.ts';
import { ensureGraph } from './ensure-graph.ts';
import { type GraphAccount, type GraphFollow, mergeGraph } from './merge-graph.ts';
import { queryRows } from './query-rows.ts';

/** Reads the source of truth page by page; each page is read after the previous one was merged. */
export interface GraphWalks {
  /** Includes accounts of any status. */
  accounts(): AsyncIterable<readonly GraphAccount[]>;
  /** Includes unfollowed ones while their tombstones are kept. */
  follows(): AsyncIterable<readonly GraphFollow[]>;
}

export interface RebuildGraphOptions {
  readonly driver: Driver;
  readonly namespace: string;
  readonly walks: GraphWalks;
  readonly log?: Log;
  readonly onProgress?: (soFar: RebuiltGraph) => void;
}

// Allows for the server's clock being set back meanwhile.
const marginMs = 60_000;

/**
 * Makes the graph agree with the source while the graph is in use: existing data is merged by revision, and data that
 * only the graph has is removed. Concurrent rebuilds are harmless.
 */
export async function rebuildGraph(options: RebuildGraphOptions): Promise<RebuiltGraph> {
  const { driver, namespace, walks, log = () => {} } = options;
  await ensureGraph(driver);
  const mark = (await serverTime(driver)) - marginMs;
  const done = { accounts: 0, follows: 0 };
  for await (const accounts of walks.accounts()) {
    await mergeGraph(driver, namespace, { accounts, follows: [], mark });
    done.accounts += accounts.length;
    options.onProgress?.({ ...done });
  }
  for await (const follows of walks.follows()) {
    await mergeGraph(driver, namespace, { accounts: [], follows, mark });
    done.follows += follows.length;
    options.onProgress?.({ ...done });
  }
  const removed = await removeUnseen(driver, namespace, mark);
  log({ level: 'info', msg: 'graph rebuild completed', ...done, removed });
  return done;
}

async function serverTime(driver: Driver): Promise<number> {
  const [row] = await queryRows<{ now: number }>(driver, 'RETURN timestamp() AS now');
  return row?.now ?? 0;
}

const accountsAtOnce = 100;

// Takes locks before it checks again, as the consumer may see one of them at this moment.
const removeFollows = `
  UNWIND $accountIds AS accountId
  MATCH (:TwiteAccount {space: $space, accountId: accountId})-[follow:FOLLOWS]->()
  WHERE coalesce(follow.seenAt, 0) < $mark
  SET follow.sweptAt = $mark
  WITH follow WHERE coalesce(follow.seenAt, 0) < $mark
  DELETE follow
  RETURN count(*) AS removed`;
const removeAccounts = `
  UNWIND $accountIds AS accountId
  MATCH (account:TwiteAccount {space: $space, accountId: accountId})
  WHERE coalesce(account.seenAt, 0) < $mark AND NOT EXISTS { (account)-[:FOLLOWS]-() }
  SET account.sweptAt = $mark
  WITH account WHERE coalesce(account.seenAt, 0) < $mark AND NOT EXISTS { (account)-[:FOLLOWS]-() }
  DELETE account
  RETURN count(*) AS removed`;

/** Removes follows and accounts that neither the walks nor the consumer saw since, and returns how many. */
async function removeUnseen(driver: Driver, space: string, mark: number): Promise<number> {
  let removed = 0;
  // Follows first, so that the accounts to be removed have none left.
  for (const remove of [removeFollows, removeAccounts]) {
    let after = '';
    for (;;) {
      const accountIds = await listAccountIds(driver, space, after, accountsAtOnce);
      const last = accountIds.at(-1);
      if (last === undefined) break;
      after = last;
      const [row] = await queryRows<{ removed: number }>(driver, remove, { space, mark, accountIds });
      removed += row?.removed ?? 0;
    }
  }
  return removed;
}

async function listAccountIds(
  driver: Driver,
  space: string,
  after: string,
  limit: number,
): Promise<readonly string[]> {
  const rows = await queryRows<{ accountId: string }>(
    driver,
    `MATCH (account:TwiteAccount {space: $space}) WHERE account.accountId > $after
     RETURN account.accountId AS accountId ORDER BY accountId LIMIT toInteger($limit)`,
    { space, after, limit },
    'READ',
  );
  return rows.map(({ accountId }) => accountId);
}
