import { setTimeout as wait } from 'node:timers/promises';
import type { Clock } from '@twite/core/clock';
import type { Deps, OpenEngine } from '@twite/core/engine';
import type { Config } from '@twite/process/config/load-config';
import { listen } from '@twite/process/listen';
import type { Logger } from '@twite/process/logger';
import { createMetrics, type Metrics, serveMetrics } from '@twite/process/metrics';
import type { LoadedDemo } from '../demo/offer-demo.ts';
import { createApp } from '../http/create-app.ts';
import { createDrainingServer } from '../lifecycle/draining-server.ts';
import { createHttpMetrics } from '../lifecycle/http-metrics.ts';
import { createReadiness } from '../lifecycle/readiness.ts';
import { createPasswordHasher } from '../passwords/create-password-hasher.ts';

/** A server that runs. */
export interface RunningServer extends AsyncDisposable {
  /** Without a slash at its end: `http://127.0.0.1:8080`. */
  readonly url: string;
  /** Undefined when no metrics are served. */
  readonly metricsUrl: string | undefined;
  readonly deps: Deps;
  /** How to sign in to the demo, when it was loaded now. */
  readonly demo: LoadedDemo | undefined;
  /** Resolves when every event so far, and every job they caused, was handled by what runs in this process. */
  settled(): Promise<void>;
  /** Resolves when the engine can no longer be trusted and the process must end. */
  readonly failed: Promise<Error>;
  /** Ends gracefully: nothing that was accepted is lost. Repeating it waits for the same end. */
  close(): Promise<void>;
}

export interface ServeInput {
  readonly config: Config;
  readonly log: Logger;
  readonly clock: Clock;
  readonly open: OpenEngine;
  readonly ids: Deps['ids'];
  /** Names this process to the idempotency store. */
  readonly processId: string;
  readonly metrics?: Metrics;
  /** Whether the engine refuses writes for lack of space. By default it never does. */
  readonly isStorageFull?: () => boolean;
  /** Starts what goes on besides answering, such as workers. */
  readonly startWork: (deps: Deps) => Promise<AsyncDisposable>;
  /** Runs when the port is taken, before the first answer. */
  readonly loadDemo?: (deps: Deps) => Promise<LoadedDemo | undefined>;
}

/**
 * Serves an engine that is open. `opening` holds the engine, and gets all that is opened here: it is closed in the reverse
 * order when a step fails, and on a stop. Throws `OperatorError` when a port is taken.
 */
export async function serve(opening: AsyncDisposableStack, input: ServeInput): Promise<RunningServer> {
  const {
    config,
    log,
    clock,
    open,
    ids,
    processId,
    metrics = createMetrics(),
    isStorageFull = () => false,
  } = input;
  const passwords = opening.use(
    createPasswordHasher({ concurrency: config.hashConcurrency, queueLimit: config.hashQueueLimit }),
  );
  const deps: Deps = { ...open.engine, clock, ids, passwords, settings: config.settings };
  opening.use(await input.startWork(deps));

  metrics.observe('twite_password_queue_depth', 'Passwords that wait to be hashed.', () => {
    return passwords.waitingCount;
  });
  metrics.observe(
    'twite_storage_full',
    '1 while writes are refused because the disk is full, else 0.',
    () => {
      return isStorageFull() ? 1 : 0;
    },
  );
  const readiness = {
    ...createReadiness(() => open.checkPrimary()),
    isStorageFull,
  };
  const app = createApp({
    deps,
    config,
    log,
    metrics: createHttpMetrics(metrics),
    readiness,
    owner: processId,
    engineStatus: () => open.status(),
  });
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
  const demo = await input.loadDemo?.(deps);
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
