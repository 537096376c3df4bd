import type { DerivedData } from '@twite/core/admin/derived-data';
import type { EngineStatus, RelayStatus } from '@twite/core/admin/engine-status';
import type { Clock } from '@twite/core/clock';
import type { Engine, OpenEngine, Settings } from '@twite/core/engine';
import { Unavailable } from '@twite/core/unavailable';
import { MongoError } from 'mongodb';
import { createCaches, listenerOf } from './caches/caches.ts';
import { type CacheName, cacheNames, type Touch } from './caches/touch.ts';
import { connect, missing, mongoRefuses, type ServiceUrls } from './connections.ts';
import { createDependency, type Dependency } from './dependency.ts';
import { makeDerivedData } from './derived-data.ts';

import { ElasticsearchSearchIndex } from './elasticsearch/search-index.ts';
import type { Log } from './log.ts';
import { createCounts } from './mongodb/counts.ts';
import { readIdsFloor } from './mongodb/ids-floor.ts';
import { refuseIncomplete } from './mongodb/incomplete.ts';
import { ensureSchema } from './mongodb/indexes.ts';
import type { MongoContext } from './mongodb/mongo-context.ts';
import { MongoParkedMessages } from './mongodb/parked-messages.ts';
import { type LeaseOptions, leaseProcess } from './mongodb/process-lease.ts';
import { MongoRecommendationGraph } from './mongodb/recommendation-graph.ts';
import { Neo4jRecommendationGraph } from './neo4j/recommendation-graph.ts';
import { RecommendationsWithFallback } from './neo4j/recommendations-with-fallback.ts';
import { startOwnConsumers } from './own-consumers.ts';
import { makePrimaryPorts, withoutCaches } from './primary-ports.ts';
import { openBroker } from './rabbitmq/broker.ts';
import { type Observe, observeNothing } from './rabbitmq/observe.ts';
import { openProgressReport } from './rabbitmq/progress-report.ts';
import type { OwnConsumerName } from './rabbitmq/topology.ts';
import { openCacheBus } from './redis/cache-bus.ts';
import { MendedTimelineCache } from './redis/mended-timeline-cache.ts';
import { RedisPostCache } from './redis/post-cache.ts';
import { RedisRateLimiter } from './redis/rate-limiter.ts';
import { RedisTimelineCache } from './redis/timeline-cache.ts';
import { startRelay } from './relay/relay.ts';
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
  /** For tests: how long the machine number stays this process's without being renewed. */
  readonly machineLease?: Pick<LeaseOptions, 'leaseMs' | 'renewMs'>;
}

/** Numbers about this process, for metrics. */
export interface EngineState {
  readonly caches: readonly { readonly name: CacheName; readonly hits: number; readonly misses: number }[];
  readonly dependencies: readonly Pick<Dependency, 'name' | 'isOpen'>[];
  /** Changes that other processes could not be told of. */
  readonly busFailures: number;
}

/** What this engine tells besides `OpenEngine`. */
export interface DistributedEngine extends OpenEngine {
  /** Random; the owner of this process's idempotency claims. */
  readonly processId: string;
  /** The machine number for ids: no other process has it. */
  readonly machine: number;
  /** For `createIdGenerator({ after })`. */
  readonly idsAfter: string | undefined;
  readonly derived: DerivedData;
  /** Does what the first question to the graph would wait for, and miss its deadline by. Rejects while Neo4j is away. */
  warm(): Promise<void>;
  state(): EngineState;
  /** Resolves when its relay knows where it goes on from, or that another leads (`Relay.placed`); at once when it has none. */
  readonly relayPlaced: Promise<void>;
  /** Who relays, and how far behind. */
  relayStatus(): Promise<RelayStatus>;
  /** Gives no id once the lease of the machine number is lost: another process may have it. */
  guardIds<I extends { next(): string }>(ids: I): { next(): string };
}

const brokerDeadlineMs = 2_000;

const greater = (one: string | undefined, other: string | undefined) =>
  one === undefined || (other !== undefined && other > one) ? other : one;

/**
 * Opens every port on the services.
 * @throws EngineOpenError, with one line for the operator, when MongoDB does not answer or holds a newer version's data.
 */
export async function openDistributedEngine(options: DistributedEngineOptions): Promise<DistributedEngine> {
  const { urls, namespace, settings, log = () => {}, observe = observeNothing } = options;
  await using opening = new AsyncDisposableStack();
  const connections = opening.use(await connect(urls, namespace, log));
  const { databases, dependencies, redis, redisLimits, elasticsearch, neo4j } = connections;
  const { collections } = databases;
  const lease = opening.use(
    await refuseIncomplete(databases)
      .then(() => ensureSchema(databases))
      .then(() => leaseProcess(collections, log, options.machineLease))
      .catch((error: unknown) => {
        throw error instanceof MongoError ? mongoRefuses(urls, error) : error;
      }),
  );

  // Again, since a restore looks for processes that run after it made its mark.
  await refuseIncomplete(databases);
  const idsFloor = await readIdsFloor(databases);

  const caches = createCaches();
  const sharedPosts = new RedisPostCache(redis, { namespace });
  const bus = opening.use(
    await openCacheBus({ url: urls.redis, connection: redis, namespace, log, shared: sharedPosts }),
  );
  bus.listen(listenerOf(caches));
  const touched = (touches: readonly Touch[]) => bus.touch(touches);
  const context: MongoContext = {
    collections,
    counts: createCounts(collections, {
      touched,
      failed: (error) => log({ level: 'warn', msg: 'a count is repaired later', err: error }),
    }),
    wallNow: Date.now,
    touched,
  };
  const broker = opening.use(
    openBroker({
      url: urls.rabbitmq,
      namespace,
      parked: dependencies.mongodb.guard(new MongoParkedMessages(context)),
      log,
      observe,
      jobConcurrency: options.jobConcurrency,
      openReport(progress) {
        const report = openProgressReport({ collections, progress, processId: lease.processId, log });
        return {
          read: () => dependencies.mongodb.call(() => report.read()),
          [Symbol.asyncDispose]: () => report[Symbol.asyncDispose](),
        };
      },
    }),
  );
  const graph = new Neo4jRecommendationGraph(neo4j, namespace);
  const rabbitmq = createDependency({
    name: 'rabbitmq',
    degrades:
      'What is posted waits in MongoDB: it comes into timelines, search and counts once the broker is back.',
    deadlineMs: brokerDeadlineMs,
    isUnavailable: () => true,
    ping: () => broker.ping(),
    log,
  });
  // Not waited for: it connects in the background.
  void rabbitmq.status().then(({ state, degraded }) => {
    if (state !== 'up') log(missing('rabbitmq', urls.rabbitmq, 'TWITE_RABBITMQ_URL', degraded));
  });
  const search = new ElasticsearchSearchIndex(elasticsearch, namespace);
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
    ...makePrimaryPorts({ context, mongodb: dependencies.mongodb, caches, bus, sharedPosts }),
    timelines,
    search: dependencies.elasticsearch.guard(search),
    recommendations: new RecommendationsWithFallback(
      dependencies.neo4j.guard(graph),
      dependencies.mongodb.guard(new MongoRecommendationGraph(collections)),
    ),
    rateLimiter: limiter,
    events: broker.events,
    jobs: broker.jobs,
    queues: broker.queues,
  } satisfies Engine;
  // An event may be here before the caches, or Redis, were told of what it tells.
  const sources = {
    ...engine,
    ...makePrimaryPorts({ context, mongodb: dependencies.mongodbBatches, bus, ...withoutCaches() }),
  };

  let relayPlaced: Promise<void> = Promise.resolve();
  if (options.relay === true) {
    const relay = opening.use(
      startRelay({
        databases,
        broker,
        touch: touched,
        log,
        observe,
        processId: lease.processId,
      }),
    );
    relayPlaced = relay.placed;
  }
  opening.use(
    await startOwnConsumers(options.consumers ?? [], {
      broker,
      context,
      neo4j,
      namespace,
      elasticsearch,
      dependencies,
      log,
    }),
  );

  const resources = opening.move();
  const relayStatus = () => dependencies.mongodb.call(() => readRelayStatus(databases));
  let closing: Promise<void> | undefined;
  return {
    engine,
    sources,
    processId: lease.processId,
    machine: lease.machine,
    idsAfter: greater(lease.after, idsFloor),
    failed: lease.lost,
    derived: makeDerivedData({ connections, context, namespace, settings, engine, search, log }),
    async warm() {
      await graph.warm();
    },
    async checkPrimary() {
      await dependencies.mongodb.call(() =>
        Promise.all(databases.deployments.map(({ client }) => client.db('admin').command({ ping: 1 }))),
      );
    },
    async settled() {
      await broker.settled(databases.deployments);
      await context.counts.sweepDirty();
      await search.settle();
    },
    async status(): Promise<EngineStatus> {
      const {
        mongodb,
        elasticsearch: index,
        neo4j: graph,
        redis: timelines,
        redisLimits: limits,
      } = dependencies;
      const [relay, ...asked] = await Promise.all([
        relayStatus().catch(() => ({ leader: null, lagMs: null })),
        mongodb.status(),
        timelines.status(),
        limits.status(),
        rabbitmq.status(),
        index.status(),
        graph.status(),
      ]);
      return { engine: 'distributed', dependencies: asked, relay };
    },
    state: () => ({
      caches: cacheNames.map((name) => ({ name, hits: caches[name].hits, misses: caches[name].misses })),
      dependencies: Object.values(dependencies).map(({ name }) => ({
        name,
        isOpen: Object.values(dependencies).some((each) => each.name === name && each.isOpen),
      })),
      busFailures: bus.failures,
    }),
    relayPlaced,
    relayStatus,
    guardIds: (ids) => ({
      next() {
        if (!lease.isHeld()) throw new Unavailable('mongodb');
        return ids.next();
      },
    }),
    [Symbol.asyncDispose]() {
      closing ??= resources.disposeAsync();
      return closing;
    },
  };
}
