import { setTimeout as wait } from 'node:timers/promises';
import type { Client } from '@elastic/elasticsearch';
import { type Comparing, differences } from '@twite/core/admin/comparing';
import type { DerivedData } from '@twite/core/admin/derived-data';
import type { Engine, Settings } from '@twite/core/engine';
import { compareAttachments, compareHolders, compareObjects } from '@twite/core/media/compare-media';
import type { Driver } from 'neo4j-driver';
import { rebuildSearch } from './elasticsearch/rebuild-search.ts';
import type { ElasticsearchSearchIndex } from './elasticsearch/search-index.ts';
import type { Log } from './log.ts';
import type { Collections } from './mongodb/databases.ts';
import type { MongoContext } from './mongodb/mongo-context.ts';
import { searchWalks } from './mongodb/search-walks.ts';
import { allAccounts, allFollows, mapped, mediaHolders } from './mongodb/walks.ts';
import { graphAccount, graphFollow } from './neo4j/keep-graph.ts';
import { type GraphWalks, rebuildGraph } from './neo4j/rebuild-graph.ts';
import type { RedisConnection } from './redis/connection.ts';
import { compareCounted } from './verify/compare-counted.ts';
import { compareCounts } from './verify/compare-counts.ts';
import { compareGraph } from './verify/compare-graph.ts';
import { compareAccounts, comparePosts } from './verify/compare-search.ts';
import { compareTimelines } from './verify/compare-timelines.ts';

const graphWalks = (collections: Collections): GraphWalks => ({
  accounts: () => mapped(allAccounts(collections), graphAccount),
  follows: () => mapped(allFollows(collections), graphFollow),
});

export interface DerivedDataContext {
  readonly redis: RedisConnection;
  readonly elasticsearch: Client;
  readonly neo4j: Driver;
  readonly context: MongoContext;
  readonly namespace: string;
  readonly settings: Settings;
  readonly engine: Pick<Engine, 'timelines' | 'follows' | 'posts'>;
  /** Reads the stored data, bypassing the caches. */
  readonly uncached: Pick<Engine, 'posts' | 'replies' | 'accounts' | 'media' | 'blobs'>;
  readonly search: ElasticsearchSearchIndex;
  readonly log: Log;
}

const pauseMs = 500;

/** Rebuilds and compares the data derived from MongoDB. */
export function makeDerivedData(given: DerivedDataContext): DerivedData {
  const { redis, elasticsearch: client, neo4j: driver } = given;
  const { context, namespace, settings, engine, uncached, search, log } = given;
  const { collections, counts } = context;
  const searchSide = { client, namespace, collections, settle: () => search.settle() };
  const comparisons: readonly Comparing[] = [
    comparePosts(searchSide),
    compareAccounts(searchSide),
    compareGraph({ driver, namespace, collections }),
    ...compareCounted(collections),
    ...(['account', 'post', 'reply'] as const).map((kind) => compareCounts(collections, counts, kind)),
    compareTimelines({ redis, namespace, engine, settings }),
    compareObjects(uncached),
    compareAttachments(uncached),
    compareHolders(uncached.media, () => mediaHolders(collections)),
  ];
  return {
    rebuildSearch: (onProgress) =>
      rebuildSearch({ client, namespace, walks: searchWalks(collections), log, onProgress }),
    rebuildGraph: (onProgress) =>
      rebuildGraph({ driver, namespace, walks: graphWalks(collections), log, onProgress }),
    verify: () => differences(comparisons, () => wait(pauseMs)),
  };
}
