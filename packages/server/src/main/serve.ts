import { setTimeout as wait } from 'node:timers/promises';
import type { ProcessDescription } from '@twite/core/admin/engine-status';
import type { Clock } from '@twite/core/clock';
import type { Deps, OpenEngine } from '@twite/core/engine';
import { mediaUrlFrom } from '@twite/core/media/present-media';
import { createTimelineRebuilds } from '@twite/core/timelines/timeline-rebuilds';
import type { Config } from '@twite/process/config/load-config';
import { type Logger, logOutputOf } from '@twite/process/logger';
import type { Metrics } from '@twite/process/metrics/create-metrics';
import { measurePool } from '@twite/process/metrics/measure-pool';
import { measureBlobs } from '@twite/workers';
import { createMediaProcessor, type OwnMediaProcessor } from '@twite/workers/media';
import type { LoadedDemo } from '../demo/offer-demo.ts';
import { createApp } from '../http/create-app.ts';
import { openUploadFolder } from '../http/uploads/upload-folder.ts';
import { startBackgroundTask } from '../lifecycle/background-task.ts';
import { createHttpMetrics } from '../lifecycle/http-metrics.ts';
import type { Ports } from '../lifecycle/open-ports.ts';
import { createPasswordHasher, type OwnPasswordHasher } from '../passwords/create-password-hasher.ts';

/** A running server. */
export interface RunningServer extends AsyncDisposable {
  /** Without a trailing slash: `http://127.0.0.1:8080`. */
  readonly url: string;
  /** Undefined when no metrics are served. */
  readonly metricsUrl: string | undefined;
  readonly deps: Deps;
  /** The sign-in data of the demo, if it was just loaded. */
  readonly demo: LoadedDemo | undefined;
  /** Resolves when the demo is complete and this process has handled every event so far and every job they caused. */
  settled(): Promise<void>;
  /** Resolves when the engine can no longer be trusted and the process must exit. */
  readonly failed: Promise<Error>;
  /** Shuts down gracefully: nothing that was accepted is lost. Further calls wait for the same end. */
  close(): Promise<void>;
}

export interface ServeInput {
  readonly config: Config;
  readonly log: Logger;
  readonly clock: Clock;
  readonly ports: Ports;
  readonly open: OpenEngine;
  readonly ids: Deps['ids'];
  /** Identifies this process in the idempotency store, and in the status of the instance. */
  readonly processId: string;
  readonly description: ProcessDescription;
  readonly metrics: Metrics;
  /** The folder of uploads in progress, unless configured otherwise. */
  readonly uploadDir: string;
  /** Whether the engine refuses writes for lack of space. By default it never does. */
  readonly isStorageFull?: () => boolean;
  /** Starts background work, such as workers. */
  readonly startWork: (deps: Deps) => Promise<AsyncDisposable>;
  /** Runs before the first answer. */
  readonly loadDemo?: (deps: Deps) => Promise<LoadedDemo | undefined>;
  /** Runs next to the first answers, until `signal` aborts it. */
  readonly completeDemo?: (deps: Deps, signal: AbortSignal) => Promise<void>;
}

/**
 * Serves an open engine on open ports. `opening` holds both, and receives everything opened here: it is closed in
 * reverse order when a step fails, and on a stop.
 */
export async function serve(opening: AsyncDisposableStack, input: ServeInput): Promise<RunningServer> {
  const { config, log, clock, ports, open, ids, processId, metrics, isStorageFull = () => false } = input;
  const passwords: OwnPasswordHasher = opening.use(
    createPasswordHasher({
      concurrency: config.hashConcurrency,
      queueLimit: config.hashQueueLimit,
      observe: measurePool(metrics, 'passwords', () => passwords.load),
    }),
  );
  const uploadDir = config.uploadDir ?? input.uploadDir;
  const mediaProcessor: OwnMediaProcessor = opening.use(
    createMediaProcessor({
      observe: measurePool(metrics, 'media', () => mediaProcessor.load),
      limits: config.settings.media,
      folder: uploadDir,
      concurrency: config.mediaConcurrency,
      queueLimit: config.mediaQueue,
    }),
  );
  const takesUploads = config.services.includes('posts');
  const uploads = takesUploads ? opening.use(await openUploadFolder(uploadDir)) : undefined;
  const mediaUrl = mediaUrlFrom(config.mediaUrl ?? ports.url);
  const deps: Deps = {
    ...open.engine,
    blobs: config.serviceUrls?.s3 === null ? open.engine.blobs : measureBlobs(metrics, open.engine.blobs),
    clock,
    ids,
    passwords,
    mediaProcessor,
    mediaUrl,
    timelineRebuilds: createTimelineRebuilds(),
    settings: config.settings,
  };
  opening.use(await input.startWork(deps));

  const { readiness, url, metricsUrl } = ports;
  const listener = createApp({
    deps,
    config,
    log,
    // In a terminal, even at the level `info`, requests would bury everything else.
    requestLevel: logOutputOf(config).format === 'pretty' ? 'debug' : 'info',
    metrics: createHttpMetrics(metrics),
    readiness: { isReady: () => readiness.isReady(), isStorageFull },
    uploads,
    isFullFor: passwords.isFullFor,
    owner: processId,
    engineStatus: () => open.status(),
    description: input.description,
  });
  const demo = await input.loadDemo?.(deps);
  ports.serveWith(listener);
  // Before anything else ends, requests in flight are answered.
  opening.defer(() => ports.drain());
  readiness.becomeReady(() => open.checkPrimary(config.services));
  log.info({ url, metricsUrl }, 'process ready');
  const completing = opening.use(
    startBackgroundTask(
      async (signal) => input.completeDemo?.(deps, signal),
      (err) => log.warn({ err }, 'demo avatars not completed'),
    ),
  );

  const resources = opening.move();
  const stop = async (): Promise<void> => {
    readiness.takeBack();
    ports.discourage();
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
    metricsUrl,
    deps,
    demo,
    async settled() {
      await completing.settled;
      await open.settled();
    },
    failed: open.failed,
    close,
    [Symbol.asyncDispose]: close,
  };
}
