import type { DerivedData } from '@twite/core/admin/derived-data';
import type { EngineStatus, RelayStatus } from '@twite/core/admin/engine-status';
import type { Clock } from '@twite/core/clock';
import type { Engine, OpenEngine, Settings } from '@twite/core/engine';
import { Unavailable } from '@twite/core/unavailable';
import { MongoError } from 'mongodb';
import { createCaches, listenerOf } from './caches/caches.ts';
import { type CacheName, cacheNames, type Touch } from './caches/touch.ts';
import {
  cannotPrepare,
  connect,
  type GuardedMongodb,
  mongoRefuses,
  type ServiceUrls,
} from './connections.ts';
import type { Dependency } from './dependency.ts';
import { makeDerivedData } from './derived-data.ts';

import { ElasticsearchSearchIndex } from './elasticsearch/search-index.ts';
import type { Log } from './log.ts';
import { createCounts } from './mongodb/counts.ts';
import type { DatabaseName } from './mongodb/databases.ts';
import { ensureSchema, migrateInBackground, refuseNewerData } from './mongodb/ensure-schema.ts';
import { isMongoUnavailable } from './mongodb/errors.ts';
import { readIdsFloor } from './mongodb/ids-floor.ts';
import { refuseIncomplete } from './mongodb/incomplete.ts';
import type { MongoContext } from './mongodb/mongo-context.ts';
import { MongoParkedMessages } from './mongodb/parked-messages.ts';
import { type LeaseOptions, leaseProcess } from './mongodb/process-lease.ts';
import { MongoRecommendationGraph } from './mongodb/recommendation-graph.ts';
import { Neo4jRecommendationGraph } from './neo4j/recommendation-graph.ts';
import { RecommendationsWithFallback } from './neo4j/recommendations-with-fallback.ts';
import { notConfigured } from './not-configured.ts';
import { openMessaging } from './open-messaging.ts';
import { startOwnConsumers } from './own-consumers.ts';
import { makePrimaryPorts, withoutCaches } from './primary-ports.ts';
import { type Observe, observeNothing } from './rabbitmq/observe.ts';
import type { OwnConsumerName } from './rabbitmq/topology.ts';
import { openCacheBus } from './redis/cache-bus.ts';
import { MendedTimelineCache } from './redis/mended-timeline-cache.ts';
import { RedisPostCache } from './redis/post-cache.ts';
import { RedisRateLimiter } from './redis/rate-limiter.ts';
import { RedisTimelineCache } from './redis/timeline-cache.ts';
import { parkedChangesOf } from './relay/parked-changes.ts';
import { type Relay, type RelayStanding, startRelay } from './relay/relay.ts';
import { readRelayStatus } from './relay/relay-status.ts';

export interface DistributedEngineOptions {
  readonly urls: ServiceUrls;
  /** Start of all names on the services. */
  readonly namespace: string;
  readonly settings: Settings;
  readonly log?: Log;
  readonly observe?: Observe;
  /** Jobs that this process works on at the same time; 8 by default. */
  readonly jobConcurrency?: number;
  /** Consumers of the engine itself that run here: none by default. */
  readonly consumers?: readonly OwnConsumerName[];
  /** Whether this process relays changes, or stands by to: false by default. */
  readonly relay?: boolean;
  /** Rate limits go by Redis's own clock unless tests move another. */
  readonly limitsClock?: Clock;
  /** Ends the start while it waits, as for another process that migrates the data. */
  readonly signal?: AbortSignal;
  /** Whether this process may build indexes and migrate data beside its work: true by default. Commands should not. */
  readonly migratesInBackground?: boolean;
  /** For ids: the wall clock by default. */
  readonly idsClock?: Clock;
  /** For tests: how long the machine number stays with this process without being renewed. */
  readonly machineLease?: Pick<LeaseOptions, 'leaseMs' | 'renewMs'>;
}

/** Numbers about this process, for metrics. */
export interface EngineState {
  readonly caches: readonly { readonly name: CacheName; readonly hits: number; readonly misses: number }[];
  readonly dependencies: readonly Pick<Dependency, 'name' | 'isOpen'>[];
  /** Invalidations that did not reach other processes. */
  readonly busFailures: number;
  /** False while MongoDB has been away for too long: no id is made, so nothing can be written. */
  readonly isLeaseHeld: boolean;
}

/** What this engine tells besides `OpenEngine`. */
export interface DistributedEngine extends OpenEngine {
  /** Random; the owner of this process's idempotency claims. */
  readonly processId: string;
  /** The machine number in this process's ids: no other process has it. May change after an outage of MongoDB. */
  readonly machine: number;
  /** Ids that no other process makes. `next` throws `Unavailable` while the machine number's lease is lost. */
  readonly ids: { next(): string };
  readonly derived: DerivedData;
  /** Does what the first question to the graph would wait for, and miss its deadline by. Rejects while Neo4j is away. */
  warm(): Promise<void>;
  state(): EngineState;
  /** Resolves when its relay knows where it goes on from, or that another leads (`Relay.placed`); at once when it has none. */
  readonly relayPlaced: Promise<void>;
  /** Who relays, and how far behind. */
  relayStatus(): Promise<RelayStatus>;
  /** What the relay of this process does for each deployment; none when it has no relay. */
  relayStandings(): readonly RelayStanding[];
  /** Resolves when RabbitMQ answers; rejects while it does not, or when this process has no address of it. */
  checkBroker(): Promise<void>;
}

/** The database that a service cannot do anything without. Caches and answers of other databases are a matter of requests. */
const databaseOfService = { posts: 'posts', social: 'social', profile: 'identity' } as const;
const everyService = ['posts', 'social', 'profile'] as const;

/**
 * Opens every port on the services. Ports whose service has no address throw when they are used.
 * @throws EngineOpenError, with one line for the operator, when MongoDB does not answer or holds a newer version's data.
 */
export async function openDistributedEngine(options: DistributedEngineOptions): Promise<DistributedEngine> {
  const { urls, namespace, settings, log = () => {}, observe = observeNothing } = options;
  await using opening = new AsyncDisposableStack();
  const connections = opening.use(await connect(urls, namespace, log));
  const { databases, mongodb, mongodbBatches, dependencies, redis, redisLimits } = connections;
  const { elasticsearch, neo4j } = connections;
  const explain = (error: unknown): never => {
    if (!(error instanceof MongoError)) throw error;
    throw isMongoUnavailable(error) ? mongoRefuses(urls, error) : cannotPrepare(error);
  };
  const { signal } = options;
  await refuseIncomplete(databases).catch(explain);
  await ensureSchema(databases, { log, signal }).catch(explain);
  const idsAfter = await readIdsFloor(databases).catch(explain);
  const lease = opening.use(
    await leaseProcess(databases.collections, log, {
      ...options.machineLease,
      idsClock: options.idsClock,
      idsAfter,
      async beforeRegain() {
        await refuseNewerData(databases);
        await refuseIncomplete(databases);
        return readIdsFloor(databases);
      },
    }).catch(explain),
  );
  // Again, since a restore looks for processes that run after it made its mark.
  await refuseIncomplete(databases).catch(explain);
  if (options.migratesInBackground !== false) opening.use(migrateInBackground(databases, { log }));

  const caches = createCaches();
  const sharedPosts = new RedisPostCache(redis, { namespace });
  const bus = opening.use(
    await openCacheBus({ url: urls.redis, connection: redis, namespace, log, shared: sharedPosts }),
  );
  bus.listen(listenerOf(caches));
  const touched = (touches: readonly Touch[]) => bus.touch(touches);
  const contextOf = ({ collections }: GuardedMongodb): MongoContext => ({
    collections,
    counts: createCounts(collections, {
      touched,
      failed: (error) => log({ level: 'warn', msg: 'recount deferred', err: error }),
    }),
    wallNow: Date.now,
    touched,
  });
  const context = contextOf(mongodb);
  const batches = contextOf(mongodbBatches);
  const messaging =
    urls.rabbitmq === null
      ? null
      : opening.use(
          openMessaging({
            url: urls.rabbitmq,
            namespace,
            parked: mongodb.guard(new MongoParkedMessages(context)),
            changes: mongodb.guard(
              parkedChangesOf({ collections: context.collections, deployments: databases.deployments }),
            ),
            log,
            observe,
            jobConcurrency: options.jobConcurrency,
            collections: databases.collections,
            mongodb,
            processId: lease.processId,
          }),
        );
  const graph = neo4j && new Neo4jRecommendationGraph(neo4j.driver, namespace);
  const search = elasticsearch && new ElasticsearchSearchIndex(elasticsearch.client, namespace);
  const limiter = new RedisRateLimiter(redisLimits, {
    namespace,
    log,
    guard: (call) => dependencies.redisLimits.call(call),
    ...(options.limitsClock === undefined ? {} : { clock: options.limitsClock }),
  });
  const { timelineLength } = settings;
  const timelines = opening.use(
    new MendedTimelineCache(
      dependencies.redis.guard(new RedisTimelineCache(redis, { namespace, timelineLength })),
    ),
  );
  const engine = {
    ...makePrimaryPorts({ context, mongodb, caches, bus, sharedPosts }),
    timelines,
    search: elasticsearch && search ? elasticsearch.dependency.guard(search) : notConfigured('elasticsearch'),
    recommendations:
      neo4j && graph
        ? new RecommendationsWithFallback(
            neo4j.dependency.guard(graph),
            mongodb.guard(new MongoRecommendationGraph(context.collections)),
          )
        : notConfigured('neo4j'),
    rateLimiter: limiter,
    events: messaging?.broker.events ?? notConfigured('rabbitmq'),
    jobs: messaging?.broker.jobs ?? notConfigured('rabbitmq'),
    queues: messaging?.broker.queues ?? notConfigured('rabbitmq'),
  } satisfies Engine;
  // An event may arrive before the invalidation of what it tells about.
  const sources = {
    ...engine,
    ...makePrimaryPorts({ context: batches, mongodb: mongodbBatches, bus, ...withoutCaches() }),
  };

  let relay: Relay | undefined;
  if (options.relay === true) {
    if (messaging === null) throw new Error('a relay needs the address of RabbitMQ');
    relay = opening.use(
      startRelay({
        databases,
        broker: messaging.broker,
        touch: touched,
        log,
        observe,
        processId: lease.processId,
      }),
    );
  }
  opening.use(
    await startOwnConsumers(options.consumers ?? [], {
      broker: messaging?.broker ?? null,
      context: batches,
      neo4j,
      namespace,
      elasticsearch,
      mongodb: mongodbBatches,
      log,
    }),
  );

  const resources = opening.move();
  const { deployments } = databases;
  const relayStatus = () =>
    mongodb.call(() => readRelayStatus({ collections: context.collections, deployments }));
  /** In the order that the status lists them. Breakers of one name count as one. */
  const guards: readonly Dependency[] = [
    ...mongodb.deployments,
    dependencies.redis,
    dependencies.redisLimits,
    ...(messaging ? [messaging.dependency] : []),
    ...(elasticsearch ? [elasticsearch.dependency] : []),
    ...(neo4j ? [neo4j.dependency] : []),
  ];
  const breakers = [...guards, ...mongodbBatches.deployments, ...(neo4j ? [neo4j.writes] : [])];
  let closing: Promise<void> | undefined;
  return {
    engine,
    sources,
    processId: lease.processId,
    get machine() {
      return lease.machine;
    },
    ids: lease.ids,
    failed: lease.failed,
    derived:
      elasticsearch && neo4j && search
        ? makeDerivedData({
            redis,
            elasticsearch: elasticsearch.client,
            neo4j: neo4j.driver,
            context: batches,
            namespace,
            settings,
            engine,
            search,
            log,
          })
        : notConfigured(elasticsearch ? 'neo4j' : 'elasticsearch'),
    async warm() {
      await graph?.warm();
    },
    async checkPrimary(services = everyService) {
      const wanted = new Set(services.map((service): DatabaseName => databaseOfService[service]));
      const needed = mongodb.deployments.filter(({ deployment }) =>
        deployment.databases.some((database) => wanted.has(database)),
      );
      // Past the breakers, which open for reasons of single requests too.
      const answers = await Promise.all(needed.map((dependency) => dependency.status()));
      if (answers.every(({ latencyMs }) => latencyMs === null)) throw new Unavailable('mongodb');
    },
    async checkBroker() {
      if (messaging === null) throw new Unavailable('rabbitmq');
      await messaging.broker.ping();
    },
    async settled() {
      await messaging?.broker.settled(deployments);
      await batches.counts.sweepDirty();
      await search?.settle();
    },
    async status(): Promise<EngineStatus> {
      const [relay, ...asked] = await Promise.all([
        relayStatus().catch(() => ({ leader: null, lagMs: null })),
        ...guards.map((guard) => guard.status()),
      ]);
      return { engine: 'distributed', dependencies: asked, relay };
    },
    state: () => ({
      caches: cacheNames.map((name) => ({ name, hits: caches[name].hits, misses: caches[name].misses })),
      dependencies: guards.map(({ name }) => ({
        name,
        isOpen: breakers.some((each) => each.name === name && each.isOpen),
      })),
      busFailures: bus.failures,
      isLeaseHeld: lease.isHeld(),
    }),
    relayPlaced: relay?.placed ?? Promise.resolve(),
    relayStatus,
    relayStandings: () => relay?.standings() ?? [],
    [Symbol.asyncDispose]() {
      closing ??= resources.disposeAsync();
      return closing;
    },
  };
}
