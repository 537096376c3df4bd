import type { Clock } from '@twite/core/clock';
import type { Config } from '@twite/process/config/load-config';
import { describeProcess } from '@twite/process/describe-process';
import { createLogger, type Logger } from '@twite/process/logger';
import { createMetrics } from '@twite/process/metrics/create-metrics';
import { startTracing } from '@twite/process/traces/start-tracing';
import { sharedWorkFolder } from '@twite/process/work-folder';
import {
  everyConsumer,
  measureSearch,
  measureTimelines,
  openForProcess,
  ownConsumers,
  startUpkeep,
  startWorkers,
} from '@twite/workers';
import { openPorts } from '../lifecycle/open-ports.ts';
import { systemClock } from './operator-engine.ts';
import { type RunningServer, serve } from './serve.ts';

export interface DistributedOptions {
  /** Defaults to JSON lines on stdout. */
  readonly log?: Logger;
  /** For tests: in production, rate limits use the clock of Redis. */
  readonly clock?: Clock;
  /** Whether workers and the change relay run in this process too. */
  readonly withWorkers: boolean;
  /** Aborts the wait for MongoDB. Without it, a start during an outage fails at once. */
  readonly signal?: AbortSignal;
}

/**
 * A longer start opens the port and answers requests with 503. A shorter one refuses connections until it can serve:
 * load balancers retry such requests, including POST, on another server, and two checks of the gateway have noticed by
 * then.
 */
const slowStartMs = 5_000;

/**
 * The composition root of a server on the distributed engine: alone, or with workers and relay in the same process.
 * Throws `OperatorError` when a port is taken, or a store is unavailable or rejects Twite.
 */
export async function startDistributed(config: Config, options: DistributedOptions): Promise<RunningServer> {
  const { log = createLogger(config), clock, withWorkers, signal } = options;
  const metrics = createMetrics({ role: withWorkers ? 'all' : 'server' });
  await using opening = new AsyncDisposableStack();
  opening.use(await startTracing(config, log));
  const ports = opening.use(await openPorts(config, log, metrics));
  // As when another process migrates the data first.
  const slow = setTimeout(() => {
    // A taken port fails the start below.
    ports.refuse().catch(() => undefined);
  }, slowStartMs).unref();
  opening.defer(() => clearTimeout(slow));
  const description = describeProcess(withWorkers ? 'all' : 'server', {
    services: config.services,
    consumers: withWorkers ? everyConsumer : [],
  });
  const { open, ids } = await openForProcess({
    config,
    description,
    log,
    metrics,
    ...(clock === undefined ? {} : { clock }),
    relay: withWorkers,
    consumers: withWorkers ? ownConsumers : [],
    ...(signal === undefined ? {} : { wait: { signal, onWaiting: () => ports.refuse() } }),
  });
  opening.use(open);
  await open.warmSearch();
  clearTimeout(slow);
  await ports.listen();
  // Not awaited: until it is done, and while Neo4j is unavailable, recommendations come from MongoDB.
  void open.warm().catch(() => undefined);
  return await serve(opening, {
    config,
    log,
    clock: clock ?? systemClock,
    ports,
    open,
    ids,
    metrics,
    processId: open.processId,
    description,
    uploadDir: sharedWorkFolder,
    async startWork(deps) {
      const work = new AsyncDisposableStack();
      if (!withWorkers) return work;
      const { uncached } = open;
      const timelines = measureTimelines(metrics, uncached.timelines);
      const search = measureSearch(metrics, uncached.search, (postId) => open.isSearchable(postId));
      work.use(await startWorkers({ ...deps, ...uncached, timelines, search, blobs: deps.blobs }));
      work.use(startUpkeep(deps, log));
      return work;
    },
  });
}
