import type { EventOf } from '@twite/core/events/domain-event';
import type { Driver } from 'neo4j-driver';
import { MongoAccountStore } from '../../mongodb/account-store.ts';
import type { Collections } from '../../mongodb/databases.ts';
import type { OwnEventTypeFor } from '../../mongodb/event-origins.ts';
import { MongoFollowGraph } from '../../mongodb/follow-graph.ts';
import { openTestMongo } from '../../mongodb/testing/open-mongo.ts';
import { openNeo4j } from '../driver.ts';
import { eraseGraph } from '../erase-graph.ts';
import { keepGraph } from '../keep-graph.ts';

export const neo4jUrl = process.env.TWITE_TEST_NEO4J_URL ?? '';

export type GraphEvent = EventOf<OwnEventTypeFor<'graph'>>;

/** Accounts and follows in MongoDB, and a graph that is updated on request. */
export interface KeptGraph extends AsyncDisposable {
  readonly driver: Driver;
  readonly space: string;
  readonly collections: Collections;
  readonly accounts: MongoAccountStore;
  readonly follows: MongoFollowGraph;
  /** Events for everything that changed since the last call, as the relay would send them. */
  changes(): Promise<GraphEvent[]>;
  /** Lets the consumer handle the changes. */
  keep(): Promise<void>;
}

export async function openKeptGraph(): Promise<KeptGraph> {
  const mongo = await openTestMongo();
  const { collections } = mongo.databases;
  const driver = openNeo4j(neo4jUrl, 30_000);
  const space = mongo.namespace;
  const told = new Map<string, number>();
  const isNews = ({ _id, rev }: { _id: string; rev: number }) => told.get(_id) !== rev && told.set(_id, rev);

  const changes = async (): Promise<GraphEvent[]> => {
    const accounts = await collections.accounts.find().toArray();
    const follows = await collections.follows.find().toArray();
    return [
      ...accounts
        .filter(isNews)
        .map(({ _id }): GraphEvent => ({ type: 'accountStatusChanged', accountId: _id })),
      ...follows.filter(isNews).map(
        ({ followerId, followeeId, active }): GraphEvent => ({
          type: active ? 'accountFollowed' : 'accountUnfollowed',
          followerId,
          followeeId,
        }),
      ),
    ];
  };
  return {
    driver,
    space,
    collections,
    accounts: new MongoAccountStore(mongo.context),
    follows: new MongoFollowGraph(mongo.context),
    changes,
    keep: async () => keepGraph({ driver, collections, namespace: space }, await changes()),
    async [Symbol.asyncDispose]() {
      await eraseGraph(driver, space);
      await driver.close();
      await mongo[Symbol.asyncDispose]();
    },
  };
}
