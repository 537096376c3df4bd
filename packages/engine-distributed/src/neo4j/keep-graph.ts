import type { EventOf } from '@twite/core/events/domain-event';
import type { Driver } from 'neo4j-driver';
import type { Collections } from '../mongodb/databases.ts';
import type { AccountDoc, FollowDoc } from '../mongodb/documents.ts';
import type { OwnEventTypeFor } from '../mongodb/event-origins.ts';
import { bounded, findInChunks } from '../mongodb/reads.ts';
import { type GraphAccount, type GraphFollow, mergeGraph } from './merge-graph.ts';

export interface KeepGraphDeps {
  readonly driver: Driver;
  readonly collections: Pick<Collections, 'accounts' | 'follows'>;
  readonly namespace: string;
}

/** The consumer `graph`: updates the entities in the events to their current state in MongoDB. */
export async function keepGraph(
  { driver, collections, namespace }: KeepGraphDeps,
  events: readonly EventOf<OwnEventTypeFor<'graph'>>[],
): Promise<void> {
  const accountIds = new Set<string>();
  const followIds = new Set<string>();
  for (const event of events) {
    switch (event.type) {
      case 'accountCreated':
      case 'accountUpdated':
      case 'accountStatusChanged':
        accountIds.add(event.accountId);
        break;
      case 'accountFollowed':
      case 'accountUnfollowed':
        followIds.add(`${event.followerId}:${event.followeeId}`);
        // A follow may be handled before its accounts are.
        accountIds.add(event.followerId).add(event.followeeId);
        break;
      default:
        event satisfies never;
    }
  }
  const [accounts, follows] = await Promise.all([
    findInChunks(accountIds, (some) =>
      collections.accounts
        .find({ _id: { $in: some } }, { ...bounded, projection: { status: 1, rev: 1 } })
        .toArray(),
    ),
    findInChunks(followIds, (some) => collections.follows.find({ _id: { $in: some } }, bounded).toArray()),
  ]);
  await mergeGraph(driver, namespace, {
    accounts: accounts.map(graphAccount),
    follows: follows.map(graphFollow),
  });
}

export const graphAccount = ({
  _id,
  status,
  rev,
}: Pick<AccountDoc, '_id' | 'status' | 'rev'>): GraphAccount => ({
  accountId: _id,
  status,
  rev,
});

export const graphFollow = ({ followerId, followeeId, followId, active, rev }: FollowDoc): GraphFollow => ({
  followerId,
  followeeId,
  followId,
  active,
  rev,
});
