import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Clock } from '@twite/core/clock';
import { createIdGenerator } from '@twite/core/ids/ids';
import { cacheBytesOf } from '@twite/process/cache-bytes';
import { type Config, loadConfig } from '@twite/process/config/load-config';
import { describeProcess } from '@twite/process/describe-process';
import { createLogger, type Logger } from '@twite/process/logger';
import { createMetrics } from '@twite/process/metrics/create-metrics';
import { startTracing } from '@twite/process/traces/start-tracing';
import { sharedWorkFolder } from '@twite/process/work-folder';
import {
  allWork,
  measureEmbedded,
  measureSearch,
  measureTimelines,
  observeEngine,
  startUpkeep,
  startWorkers,
} from '@twite/workers';
import { completeDemo, offerDemo } from '../demo/offer-demo.ts';
import { measureData } from '../lifecycle/measure-data.ts';
import { openPorts } from '../lifecycle/open-ports.ts';
import { openForOperator, systemClock } from './operator-engine.ts';
import { type RunningServer, serve } from './serve.ts';

export interface EmbeddedOptions {
  /** Defaults to JSON lines on stdout. */
  readonly log?: Logger;
  readonly clock?: Clock;
  /**
   * `offer`: load the demo into an empty database. `decline`: neither now nor at a later start. `ignore`, the default:
   * as if there were no demo.
   */
  readonly demo?: 'offer' | 'decline' | 'ignore';
}

/** The machine number of servers; operators' commands that run at the same time use another. */
const serverMachine = 0;

/**
 * A server that keeps nothing is for tests: it runs next to others, without limits and without log lines in their
 * output.
 */
const inMemory: Partial<Config> = { port: 0, metricsPort: null, rateLimits: null, logLevel: 'silent' };

/**
 * The composition root of the embedded engine: everything in one process. Missing settings have the defaults of an
 * empty environment. With a `dataDir` of `:memory:` the server keeps nothing, and unless configured otherwise it
 * listens on a free port, has neither rate limits nor metrics, and logs nothing. Throws `OperatorError` when a port is
 * taken or the data folder cannot be used.
 */
export async function startEmbedded(
  given: Partial<Config>,
  options: EmbeddedOptions = {},
): Promise<RunningServer> {
  const config: Config = {
    ...loadConfig({}),
    ...(given.dataDir === ':memory:' ? inMemory : {}),
    ...given,
  };
  const { log = createLogger(config), clock = systemClock, demo = 'ignore' } = options;
  const metrics = createMetrics({ role: 'embedded' });
  await using opening = new AsyncDisposableStack();
  opening.use(await startTracing(config, log));
  const ports = opening.use(await openPorts(config, log, metrics));
  await ports.listen();
  const open = opening.use(
    await openForOperator({
      location: config.dataDir,
      clock,
      settings: config.settings,
      cacheBytes: cacheBytesOf(config),
      log: ({ level, msg, ...details }) => log[level](details, msg),
      observe: observeEngine(metrics),
    }),
  );
  measureEmbedded(metrics, open);
  measureData(metrics, config.dataDir, open);
  return await serve(opening, {
    config,
    log,
    clock,
    ports,
    open,
    metrics,
    ids: createIdGenerator({ clock, machine: serverMachine, after: open.newestId() }),
    processId: randomUUID(),
    description: describeProcess('all', { services: config.services, consumers: allWork }),
    uploadDir: config.dataDir === ':memory:' ? sharedWorkFolder : join(config.dataDir, 'uploads'),
    isStorageFull: () => open.isStorageFull(),
    async startWork(deps) {
      const work = new AsyncDisposableStack();
      const timelines = measureTimelines(metrics, deps.timelines);
      const search = measureSearch(metrics, deps.search);
      work.use(await startWorkers({ ...deps, timelines, search }));
      work.use(startUpkeep(deps, log));
      return work;
    },
    loadDemo: async (deps) =>
      demo === 'ignore' ? undefined : offerDemo(deps, config.dataDir, { empty: demo === 'decline' }),
    completeDemo: async (deps, signal) => {
      if (demo !== 'ignore') await completeDemo(deps, config.dataDir, signal);
    },
  });
}
