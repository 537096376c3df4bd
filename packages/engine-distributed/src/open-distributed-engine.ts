import type { EngineStatus } from '@twite/core/admin/engine-status';
import { createCaches, defaultCacheBytes, listenerOf } from '@twite/core/caching/caches';
import type { Invalidation } from '@twite/core/caching/invalidation';
import type { Engine } from '@twite/core/engine';
import { cacheNames, cacheStateOf } from '@twite/core/measures/cache-state';
import { observeNothing } from '@twite/core/measures/engine-observer';
import { type DependencyName, Unavailable } from '@twite/core/unavailable';
import { MongoError } from 'mongodb';
import { cannotPrepare, connect, type GuardedMongodb, mongoRefuses } from './connections.ts';
import type { Dependency } from './dependency.ts';
import { makeDerivedData } from './derived-data.ts';
import type { DistributedEngine, DistributedEngineOptions } from './distributed-engine.ts';
import { ElasticsearchSearchIndex } from './elasticsearch/search-index.ts';
import { batchStatuses } from './mongodb/counted.ts';
import { createCounts } from './mongodb/counts.ts';
import type { DatabaseName } from './mongodb/databases.ts';
import { ensureSchema, migrateInBackground, refuseNewerData } from './mongodb/ensure-schema.ts';
import { isMongoUnavailable } from './mongodb/errors.ts';
import { readIdsFloor } from './mongodb/ids-floor.ts';
import { refuseIncomplete } from './mongodb/incomplete.ts';
import type { MongoContext } from './mongodb/mongo-context.ts';
import { MongoParkedMessages } from './mongodb/parked-messages.ts';
import { leaseProcess } from './mongodb/process-lease.ts';
import { readOtherProcesses, startReporting } from './mongodb/process-reports.ts';
import { MongoRecommendationGraph } from './mongodb/recommendation-graph.ts';
import { MongoScheduledJobs } from './mongodb/scheduled-jobs.ts';
import { Neo4jRecommendationGraph } from './neo4j/recommendation-graph.ts';
import { RecommendationsWithFallback } from './neo4j/recommendations-with-fallback.ts';
import { notConfigured } from './not-configured.ts';
import { openMessaging } from './open-messaging.ts';
import { startOwnConsumers } from './own-consumers.ts';
import { makePrimaryPorts, withoutCaches } from './primary-ports.ts';
import { openCacheBus } from './redis/cache-bus.ts';
import { MendedTimelineCache } from './redis/mended-timeline-cache.ts';
import { RedisPostCache } from './redis/post-cache.ts';
import { RedisRateLimiter } from './redis/rate-limiter.ts';
import { RedisTimelineCache } from './redis/timeline-cache.ts';
import { parkedChangesOf } from './relay/parked-changes.ts';
import { type Relay, startRelay } from './relay/relay.ts';
import { readRelayStatus } from './relay/relay-status.ts';

/** The database that each service cannot work without. Other databases and caches are the concern of requests. */
const databaseOfService = { posts: 'posts', social: 'social', profile: 'identity' } as const;
const everyService = ['posts', 'social', 'profile'] as const;

/**
 * Opens every port on the services. Ports whose service has no address throw when they are used.
 * @throws EngineOpenError, with one line for the operator, when MongoDB does not answer or holds a newer version's
 * data.
 */
export async function openDistributedEngine(options: DistributedEngineOptions): Promise<DistributedEngine> {
  const { urls, namespace, settings, log = () => {}, observe = observeNothing } = options;
  await using opening = new AsyncDisposableStack();
  const connections = opening.use(await connect(urls, namespace, log, observe));
  const { databases, mongodb, mongodbBatches, dependencies, redis, redisLimits } = connections;
  const { elasticsearch, neo4j, objects } = connections;
  const stores: readonly Dependency[] = [
    ...mongodb.deployments,
    dependencies.redis,
    dependencies.redisLimits,
  ];
  const derivedStores: readonly Dependency[] = [
    ...(elasticsearch ? [elasticsearch.dependency] : []),
    ...(neo4j ? [neo4j.dependency] : []),
    ...(objects ? [objects.dependency] : []),
  ];
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
  // Checked again: a restore looks for processes that started after it made its mark.
  await refuseIncomplete(databases).catch(explain);
  if (options.migratesInBackground !== false) opening.use(migrateInBackground(databases, { log }));

  const caches = createCaches({ bytesMax: options.cacheBytes ?? defaultCacheBytes, isShared: true });
  const sharedPosts = new RedisPostCache(redis, { namespace });
  const bus = opening.use(
    await openCacheBus({ url: urls.redis, connection: redis, namespace, log, shared: sharedPosts }),
  );
  bus.listen(listenerOf(caches));
  const invalidate = (invalidations: readonly Invalidation[]) => bus.invalidate(invalidations);
  const contextOf = ({ collections }: GuardedMongodb): MongoContext => ({
    collections,
    counts: createCounts(collections, {
      invalidate,
      failed: (error) => log({ level: 'warn', msg: 'recount deferred', err: error }),
    }),
    statusesOf: batchStatuses(collections),
    wallNow: Date.now,
    invalidate,
  });
  const context = contextOf(mongodb);
  const batches = contextOf(mongodbBatches);
  const isAnswering = async (name: DependencyName): Promise<boolean> => {
    // A deadline on a whole method does not know which deployment was slow.
    const asked = [...stores, ...derivedStores].filter(
      (store) => store.name === name || (name === 'mongodb' && store.name.startsWith('mongodb-')),
    );
    const answers = await Promise.all(asked.map((store) => store.status()));
    return answers.length > 0 && answers.every(({ latencyMs }) => latencyMs !== null);
  };
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
            scheduled: mongodb.guard(new MongoScheduledJobs(context)),
            log,
            observe,
            isAnswering,
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
    blobs: objects?.blobs ?? notConfigured('s3'),
    rateLimiter: limiter,
    events: messaging?.broker.events ?? notConfigured('rabbitmq'),
    jobs: messaging?.broker.jobs ?? notConfigured('rabbitmq'),
    queues: messaging?.broker.queues ?? notConfigured('rabbitmq'),
  } satisfies Engine;
  // An event may arrive before the invalidation of the values it affects.
  const uncached = {
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
        invalidate,
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
      processId: lease.processId,
      log,
    }),
  );

  const resources = opening.move();
  const { deployments } = databases;
  const relayStatus = () =>
    mongodb.call(() => readRelayStatus({ collections: context.collections, deployments }));
  /** In the order in which the status lists them. Breakers of one name count as one. */
  const guards: readonly Dependency[] = [
    ...stores,
    ...(messaging ? [messaging.dependency] : []),
    ...derivedStores,
  ];
  const breakers = [...guards, ...mongodbBatches.deployments, ...(neo4j ? [neo4j.writes] : [])];
  const askDependencies = (withinMs?: number) => Promise.all(guards.map((guard) => guard.status(withinMs)));
  if (options.description !== undefined)
    resources.use(startReporting(lease, options.description, () => askDependencies()));
  let closing: Promise<void> | undefined;
  return {
    engine,
    uncached,
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
            uncached,
            search,
            log,
          })
        : notConfigured(elasticsearch ? 'neo4j' : 'elasticsearch'),
    async warm() {
      await graph?.warm();
    },
    async warmSearch() {
      if (elasticsearch === null || search === null) return;
      const { state } = await elasticsearch.dependency.status();
      // Errors are ignored: the first search of a user will report them.
      if (state === 'up') await search.warm().catch(() => undefined);
    },
    async checkPrimary(services = everyService) {
      const wanted = new Set(services.map((service): DatabaseName => databaseOfService[service]));
      const needed = mongodb.deployments.filter(({ deployment }) =>
        deployment.databases.some((database) => wanted.has(database)),
      );
      // Bypasses the breakers, which also open because of single requests.
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
    async status(withinMs?: number): Promise<EngineStatus> {
      const [relay, dependencies, otherProcesses] = await Promise.all([
        relayStatus().catch(() => ({ leader: null, lagMs: null })),
        askDependencies(withinMs),
        mongodb
          .call(() => readOtherProcesses(context.collections, lease.processId, Date.now()))
          .catch(() => undefined),
      ]);
      return { engine: 'distributed', dependencies, relay, otherProcesses };
    },
    async isSearchable(postId) {
      if (elasticsearch === null || search === null) throw new Unavailable('elasticsearch');
      return elasticsearch.dependency.call(() => search.isSearchable(postId));
    },
    state: () => ({
      caches: [
        ...cacheNames.map((name) => cacheStateOf(name, caches[name])),
        { name: 'sharedPosts', hits: sharedPosts.hits, misses: sharedPosts.misses, entries: null },
        { name: 'timelines', hits: timelines.hits, misses: timelines.misses, entries: null },
      ],
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
