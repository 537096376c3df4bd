import type { Comparing } from '@twite/core/admin/comparing';
import type { Driver } from 'neo4j-driver';
import type { Collections } from '../mongodb/databases.ts';
import { allAccounts, allFollows } from '../mongodb/walks.ts';
import { storedAccounts } from '../neo4j/stored-graph.ts';
import { compareSorted, mergeSorted, type Row } from './compare-sorted.ts';

const pageSize = 200;

export interface GraphSide {
  readonly driver: Driver;
  readonly namespace: string;
  readonly collections: Collections;
}

/**
 * The graph's accounts by id, each before its current follows, by `<followerId>:<followeeId>`; each as `<state> <rev>`.
 */
async function* readGraph({ driver, namespace }: GraphSide): AsyncGenerator<Row> {
  for (let after: string | undefined; ; ) {
    const page = await storedAccounts(driver, namespace, after, pageSize);
    for (const { accountId, status, rev, follows } of page) {
      yield [accountId, `${status} ${rev}`];
      for (const { followeeId, active, rev: followRev } of follows) {
        if (active) yield [`${accountId}:${followeeId}`, `active ${followRev}`];
      }
    }
    if (page.length < pageSize) return;
    after = page[page.length - 1]?.accountId;
  }
}

async function* readAccounts(collections: Collections): AsyncGenerator<Row> {
  for await (const accounts of allAccounts(collections)) {
    for (const { _id, status, rev } of accounts) yield [_id, `${status} ${rev}`];
  }
}

async function* readFollows(collections: Collections): AsyncGenerator<Row> {
  for await (const follows of allFollows(collections)) {
    for (const { _id, active, rev } of follows) if (active) yield [_id, `active ${rev}`];
  }
}

/**
 * Checks that every account and every current follow is in the graph at its newest revision, and that it has no other
 * current follows.
 */
export const compareGraph = (side: GraphSide): Comparing => ({
  what: 'graph: accounts and follows',
  compare: (only) =>
    compareSorted(
      mergeSorted(readAccounts(side.collections), readFollows(side.collections)),
      readGraph(side),
      only,
    ),
});
