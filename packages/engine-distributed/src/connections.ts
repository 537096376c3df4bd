import type { Client } from '@elastic/elasticsearch';
import { MongoError } from 'mongodb';
import type { Driver } from 'neo4j-driver';
import { createDependency, type Dependency } from './dependency.ts';
import {
  elasticsearchDeadlineMs,
  isElasticsearchUnavailable,
  openElasticsearch,
} from './elasticsearch/client.ts';
import { EngineOpenError } from './engine-open-error.ts';
import type { Log } from './log.ts';
import {
  type DatabaseName,
  type Databases,
  type MongoUrls,
  mongoDeadlineMs,
  openDatabases,
} from './mongodb/databases.ts';
import { isMongoUnavailable } from './mongodb/errors.ts';
import { isNeo4jUnavailable, neo4jDeadlineMs, openNeo4j } from './neo4j/driver.ts';
import { queryRows } from './neo4j/query-rows.ts';
import {
  connectRedis,
  isRedisUnavailable,
  type RedisConnection,
  redisDeadlineMs,
} from './redis/connection.ts';

/** Where the services are. They may hold passwords. */
export interface ServiceUrls {
  readonly mongodb: MongoUrls;
  readonly redis: string;
  readonly redisLimits: string;
  readonly rabbitmq: string;
  readonly elasticsearch: string;
  readonly neo4j: string;
}

/** The stores, each with what guards calls of it. The broker guards itself. */
export interface Connections extends AsyncDisposable {
  readonly databases: Databases;
  readonly redis: RedisConnection;
  readonly redisLimits: RedisConnection;
  readonly elasticsearch: Client;
  readonly neo4j: Driver;
  readonly dependencies: {
    readonly mongodb: Dependency;
    /** The same, with time for a consumer's batch. */
    readonly mongodbBatches: Dependency;
    readonly redis: Dependency;
    readonly redisLimits: Dependency;
    readonly elasticsearch: Dependency;
    readonly neo4j: Dependency;
    /** The same, with time for a batch of merges: nobody waits for those. */
    readonly graphWrites: Dependency;
  };
}

const batchDeadlineMs = 30_000;

/** Without user and password: for people. */
export const placeOf = (url: string): string =>
  /^[^:]+:\/\/(?:[^@/]*@)?([^/?]*)/.exec(url)?.[1] ?? 'its address';

/** In one line: what MongoDB answered, or the driver said of its address, neither of which holds a password. */
export const mongoRefuses = (
  { mongodb }: Pick<ServiceUrls, 'mongodb'>,
  error: Error,
  name: DatabaseName = 'identity',
) =>
  new EngineOpenError(
    `MongoDB does not answer at ${placeOf(mongodb[name])}, or refuses us: ${error.message.replace(/\.$/, '')}. Start it, or correct TWITE_MONGODB_URL.`,
    { cause: error },
  );

function openMongo(urls: ServiceUrls, namespace: string): Databases {
  try {
    return openDatabases(urls.mongodb, namespace);
  } catch (error) {
    // An address that the driver cannot read.
    throw error instanceof MongoError ? mongoRefuses(urls, error) : error;
  }
}

/** Opens the stores. Only MongoDB has to answer: throws `EngineOpenError` when it does not. */
export async function connect(urls: ServiceUrls, namespace: string, log: Log): Promise<Connections> {
  await using opening = new AsyncDisposableStack();
  const databases = opening.use(openMongo(urls, namespace));
  const overMongodb = {
    name: 'mongodb',
    primary: true,
    degrades: 'Nothing works without it.',
    isUnavailable: isMongoUnavailable,
    ping: () =>
      Promise.all(databases.deployments.map(({ client }) => client.db('admin').command({ ping: 1 }))),
    log,
  } as const;
  await Promise.all(
    databases.deployments.map(async ({ client, databases: [name = 'identity'] }) => {
      try {
        await client.db('admin').command({ ping: 1 });
      } catch (error) {
        throw mongoRefuses(urls, error as Error, name);
      }
    }),
  );

  const sharesRedis = urls.redis === urls.redisLimits;
  const redis = opening.use(await connectRedis(urls.redis, { log, name: `${namespace}-timelines` }));
  const redisLimits = sharesRedis
    ? redis
    : opening.use(await connectRedis(urls.redisLimits, { log, name: `${namespace}-limits` }));
  const overRedis = {
    deadlineMs: redisDeadlineMs,
    keepsDeadline: true,
    isUnavailable: isRedisUnavailable,
    log,
  };
  const elasticsearch = openElasticsearch(urls.elasticsearch);
  opening.defer(() => elasticsearch.close());
  const neo4j = openNeo4j(urls.neo4j);
  opening.defer(() => neo4j.close());
  const overNeo4j = {
    name: 'neo4j',
    degrades: 'Recommendations come from MongoDB, and may miss some.',
    isUnavailable: isNeo4jUnavailable,
    // `verifyConnectivity` is content with a connection that was made before.
    ping: () => queryRows(neo4j, 'RETURN 1 AS one', {}, 'READ'),
    log,
  } as const;
  const dependencies = {
    // The driver has no deadline for an answer but that of its sockets, and waits for another connection after it.
    mongodb: createDependency({ ...overMongodb, deadlineMs: mongoDeadlineMs }),
    mongodbBatches: createDependency({ ...overMongodb, deadlineMs: batchDeadlineMs }),
    redis: createDependency({
      ...overRedis,
      name: 'redis',
      degrades: 'Home timelines are read from MongoDB, and nothing is cached: slower.',
      ping: () => redis.ping(),
    }),
    redisLimits: createDependency({
      ...overRedis,
      name: 'redis-limits',
      degrades: 'Each server counts rate limits by itself.',
      ping: () => redisLimits.ping(),
    }),
    elasticsearch: createDependency({
      name: 'elasticsearch',
      degrades: 'Search answers 503; what is posted is found once it is back.',
      deadlineMs: elasticsearchDeadlineMs,
      isUnavailable: isElasticsearchUnavailable,
      ping: () => elasticsearch.ping(),
      log,
    }),
    neo4j: createDependency({ ...overNeo4j, deadlineMs: neo4jDeadlineMs }),
    graphWrites: createDependency({ ...overNeo4j, deadlineMs: batchDeadlineMs }),
  };
  await tellMissing(dependencies, urls, log);
  const resources = opening.move();
  return {
    databases,
    redis,
    redisLimits,
    elasticsearch,
    neo4j,
    dependencies,
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

const told = [
  ['redis', 'redis', 'TWITE_REDIS_URL'],
  ['redisLimits', 'redisLimits', 'TWITE_REDIS_LIMITS_URL'],
  ['elasticsearch', 'elasticsearch', 'TWITE_ELASTICSEARCH_URL'],
  ['neo4j', 'neo4j', 'TWITE_NEO4J_URL'],
] as const;

/** One line for each service that is not there at the start: where it was looked for, and what that means. */
async function tellMissing(
  dependencies: Connections['dependencies'],
  urls: ServiceUrls,
  log: Log,
): Promise<void> {
  const different = told.filter(([name]) => name !== 'redisLimits' || urls.redisLimits !== urls.redis);
  await Promise.all(
    different.map(async ([name, url, variable]) => {
      const { state, degraded } = await dependencies[name].status();
      if (state !== 'up') log(missing(dependencies[name].name, urls[url], variable, degraded));
    }),
  );
}

/** What is told of a service that is not there. */
export const missing = (name: string, url: string, variable: string, degraded: string | null) =>
  ({
    level: 'warn',
    msg: `${name} does not answer at ${placeOf(url)}, or refuses us (${variable}): ${degraded}`,
  }) as const;
