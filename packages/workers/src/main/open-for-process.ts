import { setTimeout as sleep } from 'node:timers/promises';
import type { ProcessDescription } from '@twite/core/admin/engine-status';
import type { Clock } from '@twite/core/clock';
import type { Deps } from '@twite/core/engine';
import type { DistributedEngine, DistributedEngineOptions, OwnConsumer } from '@twite/engine-distributed';
import { cacheBytesOf } from '@twite/process/cache-bytes';
import type { Config } from '@twite/process/config/load-config';
import type { Logger } from '@twite/process/logger';
import type { Metrics } from '@twite/process/metrics/create-metrics';
import { OperatorError } from '@twite/process/operator-error';
import { measureDistributed, observeDistributed } from './measure-engine.ts';

export interface ProcessEngineOptions {
  readonly config: Config;
  readonly log: Logger;
  readonly metrics?: Metrics;
  readonly clock?: Clock;
  /** The engine's own consumers that run in this process. */
  readonly consumers?: readonly OwnConsumer[];
  /** Describes this process in the status of the instance. Without it, as for commands, the process is not listed. */
  readonly description?: ProcessDescription;
  /** Whether this process relays changes, or stands by to do so. */
  readonly relay?: boolean;
  /** Waits for MongoDB while it does not answer. By default the process gives up at once, as commands do. */
  readonly wait?: WaitForStores;
}

/** How a serving process waits for its stores when it is started during an outage. */
export interface WaitForStores {
  /** Aborts the wait: the promise of `openForProcess` rejects with its reason. */
  readonly signal: AbortSignal;
  /** Called once, when the first attempt failed. The wait ends when it rejects. */
  readonly onWaiting?: () => Promise<void>;
}

/** The distributed engine of a process, with ids that are unique across processes. */
export interface ProcessEngine {
  readonly open: DistributedEngine;
  readonly ids: Deps['ids'];
}

/** Imports the package of the engine, which an embedded installation does not have. */
export async function loadDistributedEngine(): Promise<typeof import('@twite/engine-distributed')> {
  try {
    return await import('@twite/engine-distributed');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== 'ERR_MODULE_NOT_FOUND' || !message.includes('@twite/engine-distributed')) throw error;
    throw new OperatorError(
      'TWITE_ENGINE is distributed, but its package is not installed: npm install @twite/engine-distributed',
      { cause: error },
    );
  }
}

const retryMsFirst = 500;
const retryMsMax = 10_000;

/** With jitter: processes that wait for the same store do not retry together. */
const retryMs = (failures: number): number =>
  Math.round((0.5 + Math.random() / 2) * Math.min(retryMsMax, retryMsFirst * 2 ** Math.min(failures, 10)));

/**
 * Opens the distributed engine for this process. Throws a one-line `OperatorError` when a store is unavailable (unless
 * the process waits for it) or rejects Twite, or when another engine is configured.
 */
export async function openForProcess(options: ProcessEngineOptions): Promise<ProcessEngine> {
  const { config, log, metrics, consumers = [], relay = false, wait } = options;
  if (config.serviceUrls === null) {
    throw new OperatorError(
      'with TWITE_ENGINE=embedded, the server does this work itself: there is no separate process to run',
    );
  }
  const { openDistributedEngine, EngineOpenError, armFailpoint } = await loadDistributedEngine();
  armFailpoint(config.failpoint ?? undefined);
  const does = { relays: relay, usesBroker: config.serviceUrls.rabbitmq !== null };
  const engineOptions: DistributedEngineOptions = {
    urls: config.serviceUrls,
    namespace: config.namespace,
    ...(options.clock === undefined ? {} : { limitsClock: options.clock, idsClock: options.clock }),
    settings: config.settings,
    cacheBytes: cacheBytesOf(config),
    jobConcurrency: config.jobConcurrency,
    consumers,
    relay,
    ...(options.description === undefined ? {} : { description: options.description }),
    ...(wait === undefined ? { migratesInBackground: false } : { signal: wait.signal }),
    log: ({ level, msg, ...details }) => log[level](details, msg),
    ...(metrics === undefined ? {} : { observe: observeDistributed(metrics, does) }),
  };
  for (let failures = 0; ; failures += 1) {
    try {
      const open = await openDistributedEngine(engineOptions);
      if (metrics !== undefined) measureDistributed(metrics, open, does);
      return { open, ids: open.ids };
    } catch (error) {
      if (!(error instanceof EngineOpenError)) throw error;
      if (wait === undefined || !error.isTemporary) throw new OperatorError(error.message, { cause: error });
      if (failures === 0) await wait.onWaiting?.();
      const retryInMs = retryMs(failures);
      log.warn({ retryInMs, failures: failures + 1, err: error }, 'start delayed');
      await sleep(retryInMs, undefined, { signal: wait.signal });
    }
  }
}

/** Checks the dependencies of a worker or relay: rejects while MongoDB or RabbitMQ does not answer. */
export async function checkStoreAndBroker(
  open: Pick<DistributedEngine, 'checkPrimary' | 'checkBroker'>,
): Promise<void> {
  await Promise.all([open.checkPrimary(), open.checkBroker()]);
}
