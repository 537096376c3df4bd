import type { Driver } from 'neo4j-driver';
import type { Collections } from '../mongodb/databases.ts';
import { allAccounts, allFollows } from '../mongodb/walks.ts';
import { storedAccounts } from '../neo4j/stored-graph.ts';
import type { Comparing } from './mismatches.ts';

const pageSize = 200;

export interface GraphSide {
  readonly driver: Driver;
  readonly namespace: string;
  readonly collections: Collections;
}

/** The graph's accounts by id, and its follows that stand by `<followerId>:<followeeId>`; each as `<state> <rev>`. */
async function readGraph({ driver, namespace }: GraphSide): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (let after: string | undefined; ; ) {
    const page = await storedAccounts(driver, namespace, after, pageSize);
    for (const { accountId, status, rev, follows } of page) {
      found.set(accountId, `${status} ${rev}`);
      for (const { followeeId, active, rev: followRev } of follows) {
        if (active) found.set(`${accountId}:${followeeId}`, `active ${followRev}`);
      }
    }
    if (page.length < pageSize) return found;
    after = page[page.length - 1]?.accountId;
  }
}

/** Every account and every follow that stands is in the graph as of its newest revision, and no other follow stands there. */
export const compareGraph = (side: GraphSide): Comparing => ({
  what: 'graph: accounts and follows',
  async compare(only) {
    const wanted = new Map<string, string>();
    for await (const accounts of allAccounts(side.collections)) {
      for (const { _id, status, rev } of accounts) wanted.set(_id, `${status} ${rev}`);
    }
    for await (const follows of allFollows(side.collections)) {
      for (const { _id, active, rev } of follows) if (active) wanted.set(_id, `active ${rev}`);
    }
    const found = await readGraph(side);
    const ids = only ?? [...new Set([...wanted.keys(), ...found.keys()])];
    return { compared: wanted.size, differing: ids.filter((id) => wanted.get(id) !== found.get(id)) };
  },
});
