import { setTimeout as wait } from 'node:timers/promises';
import type { Clock } from '@twite/core/clock';
import type { Deps } from '@twite/core/engine';
import { createIdGenerator } from '@twite/core/ids/ids';
import type { Config } from '@twite/process/config/load-config';
import { listen } from '@twite/process/listen';
import { createLogger, type Logger } from '@twite/process/logger';
import { createMetrics, serveMetrics } from '@twite/process/metrics';
import { startUpkeep, startWorkers } from '@twite/workers';
import { type LoadedDemo, offerDemo } from '../demo/offer-demo.ts';
import { createApp } from '../http/create-app.ts';
import { createDrainingServer } from '../lifecycle/draining-server.ts';
import { createHttpMetrics } from '../lifecycle/http-metrics.ts';
import { createReadiness } from '../lifecycle/readiness.ts';
import { createPasswordHasher } from '../passwords/create-password-hasher.ts';
import { openForOperator, systemClock } from './operator-engine.ts';

export interface EmbeddedOptions {
  /** By default JSON lines on stdout. */
  readonly log?: Logger;
  readonly clock?: Clock;
  /**
   * `offer`: load the demo into an empty database. `decline`: not now, nor at a later start. `ignore`, the default:
   * as if there were none.
   */
  readonly demo?: 'offer' | 'decline' | 'ignore';
}

/** A server that runs, with its engine and workers in this process. */
export interface EmbeddedServer extends AsyncDisposable {
  /** Without a slash at its end: `http://127.0.0.1:8080`. */
  readonly url: string;
  /** Undefined when no metrics are served. */
  readonly metricsUrl: string | undefined;
  readonly deps: Deps;
  /** How to sign in to the demo, when it was loaded now. */
  readonly demo: LoadedDemo | undefined;
  /** Resolves when every event so far, and every job they caused, was handled. */
  settled(): Promise<void>;
  /** Resolves when the engine can no longer be trusted and the process must end. */
  readonly failed: Promise<Error>;
  /** Ends gracefully: nothing that was accepted is lost. Repeating it waits for the same end. */
  close(): Promise<void>;
}

/** Ids of servers; operators' commands beside it are another machine. */
const serverMachine = 0;

/**
 * The composition root of the embedded engine: everything in one process. A `dataDir` of `:memory:` keeps nothing.
 * Throws `OperatorError` when a port is taken or the data folder cannot be used.
 */
export async function startEmbedded(config: Config, options: EmbeddedOptions = {}): Promise<EmbeddedServer> {
  const { log = createLogger(config), clock = systemClock, demo: demoWish = 'ignore' } = options;
  // Closes what was opened when a later step fails; on a stop, everything in the reverse of this order.
  await using opening = new AsyncDisposableStack();

  const open = opening.use(
    await openForOperator({
      location: config.dataDir,
      clock,
      settings: config.settings,
      log: ({ level, msg, ...details }) => log[level](details, msg),
    }),
  );
  const passwords = opening.use(
    createPasswordHasher({ concurrency: config.hashConcurrency, queueLimit: config.hashQueueLimit }),
  );
  const ids = createIdGenerator({ clock, machine: serverMachine, after: open.newestId() });
  const deps: Deps = { ...open.engine, clock, ids, passwords, settings: config.settings };
  opening.use(await startWorkers(deps));
  opening.use(startUpkeep(deps, log));

  const metrics = createMetrics();
  metrics.observe('twite_password_queue_depth', 'Passwords that wait to be hashed.', () => {
    return passwords.waitingCount;
  });
  const readiness = createReadiness(() => open.checkPrimary());
  const app = createApp({ deps, config, log, metrics: createHttpMetrics(metrics), readiness });
  const answer = app.callback();
  const loaded = Promise.withResolvers<void>();
  let isLoaded = false;
  const draining = createDrainingServer((request, response) => {
    if (isLoaded) void answer(request, response);
    else void loaded.promise.then(() => answer(request, response));
  });

  const { metricsPort } = config;
  const metricsServer =
    metricsPort === null ? undefined : opening.use(await serveMetrics(metrics, { ...config, metricsPort }));
  // A taken port is found before the demo is loaded: its password would be told to nobody.
  const url = await listen(draining.server, {
    host: config.host,
    port: config.port,
    hostVariable: 'TWITE_HOST',
    portVariable: 'TWITE_PORT',
  });
  opening.defer(async () => {
    const inTime = await draining.drain(config.drainSeconds);
    if (!inTime) log.warn(`requests took longer than ${config.drainSeconds} s to end and were cut off`);
  });
  const demo =
    demoWish === 'ignore'
      ? undefined
      : await offerDemo(deps, config.dataDir, { empty: demoWish === 'decline' });
  isLoaded = true;
  loaded.resolve();

  const resources = opening.move();
  const stop = async (): Promise<void> => {
    readiness.takeBack();
    draining.discourage();
    await wait(config.readinessDelaySeconds * 1000);
    await resources.disposeAsync();
  };
  let stopping: Promise<void> | undefined;
  const close = (): Promise<void> => {
    stopping ??= stop();
    return stopping;
  };

  return {
    url,
    metricsUrl: metricsServer?.url,
    deps,
    demo,
    settled: () => open.settled(),
    failed: open.failed,
    close,
    [Symbol.asyncDispose]: close,
  };
}
