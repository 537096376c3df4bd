import type { Client } from '@elastic/elasticsearch';
import { type EngineObserver, observeNothing } from '@twite/core/measures/engine-observer';
import type { SpanDescription } from '@twite/core/tracer';
import type { DependencyName } from '@twite/core/unavailable';
import { MongoError } from 'mongodb';
import type { Driver } from 'neo4j-driver';
import { type CallGuard, createDeadline, createDependency, type Dependency } from './dependency.ts';
import {
  elasticsearchDeadlineMs,
  isElasticsearchUnavailable,
  openElasticsearch,
} from './elasticsearch/client.ts';
import { EngineOpenError } from './engine-open-error.ts';
import type { Log } from './log.ts';
import {
  type Collections,
  type DatabaseName,
  type Databases,
  type Deployment,
  databaseNames,
  guardCollections,
  type MongoUrls,
  mongoDeadlineMs,
  openDatabases,
} from './mongodb/databases.ts';
import {
  isAuthenticationFailure,
  isMongoUnavailable,
  isNetworkFailure,
  isTooSlow,
} from './mongodb/errors.ts';
import { isNeo4jUnavailable, neo4jDeadlineMs, openNeo4j } from './neo4j/driver.ts';
import { queryRows } from './neo4j/query-rows.ts';
import {
  connectRedis,
  isRedisUnavailable,
  type RedisConnection,
  redisDeadlineMs,
} from './redis/connection.ts';
import type { S3Place } from './s3/client.ts';
import { type GuardedBlobs, openBlobs } from './s3/open-blobs.ts';

/** The addresses of the services. They may contain passwords. Null: this process does not use the service. */
export interface ServiceUrls {
  readonly mongodb: MongoUrls;
  readonly redis: string;
  readonly redisLimits: string;
  readonly rabbitmq: string | null;
  readonly elasticsearch: string | null;
  readonly neo4j: string | null;
  readonly s3: S3Place | null;
}

/** The addresses of a process that uses every service. */
export type AllServiceUrls = { readonly [K in keyof ServiceUrls]: NonNullable<ServiceUrls[K]> };

/** A MongoDB deployment with a circuit breaker of its own. */
export interface GuardedDeployment extends Dependency {
  readonly deployment: Deployment;
}

/** The MongoDB databases, as seen by one kind of caller. */
export interface GuardedMongodb extends CallGuard {
  /** Each call goes through the circuit breaker of the collection's deployment. */
  readonly collections: Collections;
  readonly deployments: readonly GuardedDeployment[];
}

/** The client of Elasticsearch with its circuit breaker. */
export interface GuardedElasticsearch {
  readonly client: Client;
  readonly dependency: Dependency;
}

/** The driver of Neo4j with its circuit breakers. */
export interface GuardedNeo4j {
  readonly driver: Driver;
  readonly dependency: Dependency;
  /** Allows enough time for a batch of merges, which no request waits for. */
  readonly writes: Dependency;
}

/** The stores, each behind a circuit breaker. The broker guards itself. */
export interface Connections extends AsyncDisposable {
  readonly databases: Databases;
  /** For requests. `call` and `guard` put a deadline on whole port methods. */
  readonly mongodb: GuardedMongodb;
  /** The same databases, with enough time for a consumer's batch. */
  readonly mongodbBatches: GuardedMongodb;
  readonly redis: RedisConnection;
  readonly redisLimits: RedisConnection;
  readonly elasticsearch: GuardedElasticsearch | null;
  readonly neo4j: GuardedNeo4j | null;
  readonly objects: GuardedBlobs | null;
  readonly dependencies: {
    readonly redis: Dependency;
    readonly redisLimits: Dependency;
  };
}

/** Where events of dependencies are reported. */
interface Told {
  readonly log: Log;
  readonly observe: EngineObserver;
}

const batchDeadlineMs = 30_000;

/** The address without user and password, for display. */
export const placeOf = (url: string): string =>
  /^[^:]+:\/\/(?:[^@/]*@)?([^/?]*)/.exec(url)?.[1] ?? 'its address';

/** One line: MongoDB's answer, or the driver's complaint about its address. Neither contains a password. */
export function mongoRefuses(
  { mongodb }: Pick<ServiceUrls, 'mongodb'>,
  error: Error,
  name: DatabaseName = 'identity',
) {
  const message = `MongoDB does not answer at ${placeOf(mongodb[name])}, or refuses us: ${error.message.replace(/\.$/, '')}. Start it, or correct TWITE_MONGODB_URL.`;
  // Wrong credentials stay wrong; anything else may be temporary.
  const isTemporary =
    (isMongoUnavailable(error) && !isAuthenticationFailure(error)) || isNetworkFailure(error);
  return new EngineOpenError(message, { cause: error, isTemporary });
}

/** One line: why the databases could not be prepared although MongoDB answers. */
export const cannotPrepare = (error: Error) =>
  new EngineOpenError(
    `MongoDB refused to prepare the databases: ${error.message.replace(/\.$/, '')}. Correct the cause, such as missing rights or duplicate values, and start again.`,
    { cause: error },
  );

function openMongo(urls: ServiceUrls, namespace: string, log: Log): Databases {
  try {
    return openDatabases(urls.mongodb, namespace, log);
  } catch (error) {
    // The driver cannot parse the address.
    throw error instanceof MongoError ? mongoRefuses(urls, error) : error;
  }
}

const unavailableWithout: Record<DatabaseName, string> = {
  posts: 'Posts and likes',
  replies: 'Replies',
  social: 'Follows, blocks and mutes',
  identity: 'Accounts, sessions and new ids',
};

const degradedWithout = (names: readonly DatabaseName[]): string =>
  names.length === databaseNames.length
    ? 'Writes fail; only cached data can be read.'
    : `${names.map((name) => unavailableWithout[name]).join('; ')}are unavailable: writes fail, and only cached data can be read.`;

/** A single deployment is named `mongodb`; several are distinguished by their databases. */
const nameOfDeployment = ({ databases }: Deployment): DependencyName =>
  databases.length === databaseNames.length ? 'mongodb' : `mongodb-${databases.join('+')}`;

function guardMongodb(databases: Databases, deadlineMs: number, told: Told): GuardedMongodb {
  const deployments = databases.deployments.map((deployment): GuardedDeployment => {
    const dependency = createDependency({
      name: nameOfDeployment(deployment),
      primary: true,
      degrades: degradedWithout(deployment.databases),
      // The driver's only deadline for an answer is that of its sockets, after which it waits for another connection.
      deadlineMs,
      // A slow query fails on its own: it does not mean that MongoDB is unavailable.
      isUnavailable: (error) => isMongoUnavailable(error) && !isTooSlow(error),
      ping: () => deployment.client.db('admin').command({ ping: 1 }),
      ...told,
    });
    return Object.assign(dependency, { deployment });
  });
  const guardOf = (database: DatabaseName) =>
    deployments.find(({ deployment }) => deployment.databases.includes(database)) as GuardedDeployment;
  return {
    ...createDeadline({ name: 'mongodb', deadlineMs, isUnavailable: isMongoUnavailable }),
    collections: guardCollections(databases.collections, guardOf),
    deployments,
  };
}

/** Opens the stores. Only MongoDB must answer. Throws `EngineOpenError` when it does not. */
export async function connect(
  urls: ServiceUrls,
  namespace: string,
  log: Log,
  observe: EngineObserver = observeNothing,
): Promise<Connections> {
  const told: Told = { log, observe };
  await using opening = new AsyncDisposableStack();
  const databases = opening.use(openMongo(urls, namespace, log));
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
    ...told,
  };
  const elasticsearch = urls.elasticsearch === null ? null : openSearch(urls.elasticsearch, told);
  if (elasticsearch !== null) opening.defer(() => elasticsearch.client.close());
  const neo4j = urls.neo4j === null ? null : openGraph(urls.neo4j, told);
  if (neo4j !== null) opening.defer(() => neo4j.driver.close());
  const objects = urls.s3 === null ? null : opening.use(openBlobs(urls.s3, log, undefined, observe));
  const dependencies = {
    redis: createDependency({
      ...overRedis,
      name: 'redis',
      degrades: 'Home timelines are read from the primary store and caches are off, so reads are slower.',
      ping: () => redis.ping(),
    }),
    redisLimits: createDependency({
      ...overRedis,
      name: 'redis-limits',
      degrades: 'Each server counts rate limits separately.',
      ping: () => redisLimits.ping(),
    }),
  };
  await Promise.all([
    logMissing(dependencies.redis, urls.redis, 'TWITE_REDIS_URL', log),
    sharesRedis || logMissing(dependencies.redisLimits, urls.redisLimits, 'TWITE_REDIS_LIMITS_URL', log),
    elasticsearch && logMissing(elasticsearch.dependency, urls.elasticsearch, 'TWITE_ELASTICSEARCH_URL', log),
    neo4j && logMissing(neo4j.dependency, urls.neo4j, 'TWITE_NEO4J_URL', log),
    objects && logMissing(objects.dependency, urls.s3?.url ?? null, 'TWITE_S3_URL', log),
  ]);
  const resources = opening.move();
  return {
    databases,
    mongodb: guardMongodb(databases, mongoDeadlineMs, told),
    mongodbBatches: guardMongodb(databases, batchDeadlineMs, told),
    redis,
    redisLimits,
    elasticsearch,
    neo4j,
    objects,
    dependencies,
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

/** Describes port methods as database calls: a method that makes several requests is one span. */
const describeCalls =
  (system: 'elasticsearch' | 'neo4j') =>
  (operation: string): SpanDescription => ({
    name: `${operation} ${system}`,
    kind: 'client',
    attributes: { 'db.system.name': system, 'db.operation.name': operation },
  });

function openSearch(url: string, told: Told): GuardedElasticsearch {
  const client = openElasticsearch(url);
  const dependency = createDependency({
    name: 'elasticsearch',
    degrades: 'Searches fail with 503. New posts become searchable after it is back.',
    deadlineMs: elasticsearchDeadlineMs,
    isUnavailable: isElasticsearchUnavailable,
    ping: () => client.ping(),
    ...told,
    span: describeCalls('elasticsearch'),
  });
  return { client, dependency };
}

function openGraph(url: string, told: Told): GuardedNeo4j {
  const driver = openNeo4j(url);
  const options = {
    name: 'neo4j',
    degrades: 'Recommendations are computed from the primary store and may be incomplete.',
    isUnavailable: isNeo4jUnavailable,
    // `verifyConnectivity` accepts a connection that was made earlier.
    ping: () => queryRows(driver, 'RETURN 1 AS one', {}, 'READ'),
    ...told,
    span: describeCalls('neo4j'),
  } as const;
  return {
    driver,
    dependency: createDependency({ ...options, deadlineMs: neo4jDeadlineMs }),
    writes: createDependency({ ...options, deadlineMs: batchDeadlineMs }),
  };
}

/** Logs a line when a service does not answer at startup: its address, and the consequences. */
export async function logMissing(
  dependency: Dependency,
  url: string | null,
  variable: string,
  log: Log,
): Promise<void> {
  const { name, state, degraded } = await dependency.status();
  if (state === 'up') return;
  const place = placeOf(url ?? '');
  log({ level: 'warn', msg: 'dependency not reachable', dependency: name, place, variable, degraded });
}
