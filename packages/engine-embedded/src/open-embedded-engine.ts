import { setTimeout as wait } from 'node:timers/promises';
import { differences } from '@twite/core/admin/comparing';
import type { Difference } from '@twite/core/admin/derived-data';
import { cachedStores } from '@twite/core/caching/cached-stores';
import { createCaches, defaultCacheBytes, listenerOf } from '@twite/core/caching/caches';
import type { Clock } from '@twite/core/clock';
import type { Engine, OpenEngine, Settings } from '@twite/core/engine';
import { type CacheState, cacheStateOf } from '@twite/core/measures/cache-state';
import { type EngineObserver, observeNothing } from '@twite/core/measures/engine-observer';
import { compareAttachments, compareHolders, compareObjects } from '@twite/core/media/compare-media';
import { MemoryRateLimiter } from '@twite/core/rate-limits/memory-rate-limiter';
import { openBlobStore } from './files/open-blob-store.ts';
import type { Log } from './log.ts';
import { MemoryTimelineCache } from './memory/timeline-cache.ts';
import { SqliteAccountStore } from './sqlite/account-store.ts';
import { SqliteAuditLog } from './sqlite/audit-log.ts';
import { SqliteBlockList } from './sqlite/block-list.ts';
import { createCommitBus } from './sqlite/commit-bus.ts';
import { embeddedStatus } from './sqlite/engine-status.ts';
import { SqliteEventStream } from './sqlite/event-stream.ts';
import { SqliteFollowGraph } from './sqlite/follow-graph.ts';
import { SqliteIdempotencyStore } from './sqlite/idempotency-store.ts';
import { SqliteInstanceStats } from './sqlite/instance-stats.ts';
import { SqliteJobQueue } from './sqlite/job-queue.ts';
import { SqliteLikeStore } from './sqlite/like-store.ts';
import { SqliteMediaCatalogue } from './sqlite/media-catalogue.ts';
import { mediaHolders } from './sqlite/media-holders.ts';
import { SqliteMuteList } from './sqlite/mute-list.ts';
import { newestId } from './sqlite/newest-id.ts';
import { observedWriter } from './sqlite/observed-writer.ts';
import { openDatabase } from './sqlite/open-database.ts';
import { SqlitePasswordResetStore } from './sqlite/password-reset-store.ts';
import { SqlitePostStore } from './sqlite/post-store.ts';
import { SqliteRecommendationGraph } from './sqlite/recommendation-graph.ts';
import { SqliteReplyStore } from './sqlite/reply-store.ts';
import { SqliteSearchIndex } from './sqlite/search-index.ts';
import { SqliteSessionStore } from './sqlite/session-store.ts';
import { measureQueries, measureReads, measureWrites } from './sqlite/spans.ts';
import type { Store } from './sqlite/store.ts';
import { SqliteTokenStore } from './sqlite/token-store.ts';
import { SqliteWorkQueues } from './sqlite/work-queues.ts';

export interface EmbeddedEngineOptions {
  /** A data folder, created if it is missing; or `:memory:` for data that is lost with the process. */
  readonly location: string;
  readonly clock: Clock;
  readonly settings: Settings;
  readonly log?: Log;
  readonly observe?: EngineObserver;
  /** The memory that the caches may take: 256 MiB by default. */
  readonly cacheBytes?: number;
  /**
   * Whether to lock the folder, and fail if another server holds the lock. Default: true. False is for operator
   * commands next to a running server.
   */
  readonly exclusive?: boolean;
}

/** The additional members of this engine. */
export interface EmbeddedEngine extends OpenEngine {
  /** The newest id in the store, for `createIdGenerator({ after })`. Undefined if it is empty. */
  newestId(): string | undefined;
  /** Whether writes fail with `storage_full`, because the disk is full. Reads work. */
  isStorageFull(): boolean;
  /** The caches of this process. */
  cacheStates(): readonly CacheState[];
  /** The bytes of stored media. Reads an entry per medium. */
  mediaBytes(): Promise<number>;
  /**
   * Compares media with their objects and with their targets; everything else is written in one transaction. Rechecks
   * items that lag behind a recent write before it counts them.
   */
  verify(): Promise<readonly Difference[]>;
}

/** Writes of another process are noticed within less. */
const verifyPauseMs = 500;

/**
 * Opens every port on one SQLite file, and the media objects as files next to it.
 * @throws EngineOpenError, with one line for the operator, when the folder or the file cannot be used.
 */
export async function openEmbeddedEngine(options: EmbeddedEngineOptions): Promise<EmbeddedEngine> {
  const { location, clock, settings, log = () => {}, observe = observeNothing, exclusive = true } = options;
  const caches = createCaches({ bytesMax: options.cacheBytes ?? defaultCacheBytes, isShared: false });
  const bus = createCommitBus();
  bus.listen(listenerOf(caches));
  // Commits before the adapters exist have no effect: nothing is cached and nobody waits yet.
  let consumers: { wake(): void }[] = [];
  let waking = false;
  // Once for all commits of this turn of the event loop, and after the promises of their writers.
  const wake = () => {
    if (waking) return;
    waking = true;
    setImmediate(() => {
      waking = false;
      for (const consumer of consumers) consumer.wake();
    });
  };
  const onStorageChange = (isFull: boolean) => {
    if (isFull) log({ level: 'error', msg: 'disk full', location });
    else log({ level: 'info', msg: 'disk space available', location });
    wake();
  };
  const database = await openDatabase(
    location,
    exclusive,
    {
      committed(invalidations) {
        bus.committed(invalidations);
        wake();
      },
      foreignWrite() {
        bus.foreignWrite();
        wake();
      },
    },
    { onStorageChange, log },
  );
  const store: Store = {
    read: measureReads(database.read),
    reader: measureQueries(database.reader),
    writer: measureWrites(observedWriter(database.writer, observe)),
  };
  const objects = await openBlobStore(location, exclusive, log);
  const consuming = { store, clock, log, observe };
  const events = new SqliteEventStream(consuming);
  const jobs = new SqliteJobQueue(consuming);
  consumers = [events, jobs];

  const source = {
    accounts: new SqliteAccountStore(store),
    sessions: new SqliteSessionStore(store),
    tokens: new SqliteTokenStore(store),
    posts: new SqlitePostStore(store),
    replies: new SqliteReplyStore(store),
    likes: new SqliteLikeStore(store),
    follows: new SqliteFollowGraph(store),
    blocks: new SqliteBlockList(store),
    mutes: new SqliteMuteList(store),
  };
  const engine = {
    ...cachedStores(source, caches, bus),
    passwordResets: new SqlitePasswordResetStore(store),
    media: new SqliteMediaCatalogue(store),
    blobs: objects.blobs,
    timelines: new MemoryTimelineCache(settings.timelineLength),
    search: new SqliteSearchIndex(store),
    recommendations: new SqliteRecommendationGraph(store),
    rateLimiter: new MemoryRateLimiter(clock),
    idempotency: new SqliteIdempotencyStore(store),
    auditLog: new SqliteAuditLog(store),
    stats: new SqliteInstanceStats(store),
    events,
    jobs,
    queues: new SqliteWorkQueues(store, events, jobs),
  } satisfies Engine;

  let closing: Promise<void> | undefined;
  const close = async () => {
    await Promise.all([events.stop(), jobs.stop()]);
    await database.close();
    await objects.close();
  };

  const checkPrimary = async () => {
    database.read.get('SELECT 1');
    // Reads work without the writer: a full disk does not make the database unavailable.
    if (!database.writer.isFull) await database.writer.run('ping', undefined);
  };
  const isStorageFull = () => database.writer.isFull;

  return {
    engine,
    uncached: engine,
    failed: database.writer.failed,
    newestId: () => newestId(database.read),
    checkPrimary,
    isStorageFull,
    mediaBytes: () => store.reader.run('sumMediaBytes', undefined),
    cacheStates: () =>
      Object.entries({ ...caches, timelines: engine.timelines }).map(([name, cache]) =>
        cacheStateOf(name, cache),
      ),
    status: (withinMs) =>
      embeddedStatus({ checkPrimary, isStorageFull, checkObjects: objects.check }, withinMs),
    verify: () =>
      differences(
        [
          compareObjects(engine),
          compareAttachments(engine),
          compareHolders(engine.media, () => mediaHolders(database.read)),
        ],
        () => wait(verifyPauseMs),
      ),
    async settled() {
      // Jobs may cause events, and these may cause more jobs: repeat until a round causes nothing.
      let head: number;
      do {
        head = events.head();
        await events.reached(head);
        await jobs.drained();
      } while (events.head() !== head);
    },
    [Symbol.asyncDispose]() {
      closing ??= close();
      return closing;
    },
  };
}
