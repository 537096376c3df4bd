import type { Clock } from '@twite/core/clock';
import type { Deps } from '@twite/core/engine';
import { createIdGenerator } from '@twite/core/ids/ids';
import type { DistributedEngine, OwnConsumer } from '@twite/engine-distributed';
import type { Config } from '@twite/process/config/load-config';
import type { Logger } from '@twite/process/logger';
import type { Metrics } from '@twite/process/metrics';
import { OperatorError } from '@twite/process/operator-error';
import { measureEngine, measureQueues } from './measure-engine.ts';

export interface ProcessEngineOptions {
  readonly config: Config;
  readonly log: Logger;
  readonly metrics?: Metrics;
  readonly clock?: Clock;
  /** Consumers of the engine itself that run in this process. */
  readonly consumers?: readonly OwnConsumer[];
  /** Whether this process relays changes, or stands by to. */
  readonly relay?: boolean;
}

/** The distributed engine as a process has it, with ids that no other process gives. */
export interface ProcessEngine {
  readonly open: DistributedEngine;
  readonly ids: Deps['ids'];
}

/** The package of the engine, which an embedded installation does not have. */
export async function loadDistributedEngine(): Promise<typeof import('@twite/engine-distributed')> {
  try {
    return await import('@twite/engine-distributed');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== 'ERR_MODULE_NOT_FOUND' || !message.includes('@twite/engine-distributed')) throw error;
    throw new OperatorError(
      'TWITE_ENGINE is distributed, and its package is not installed: npm install @twite/engine-distributed',
      { cause: error },
    );
  }
}

/**
 * Opens the distributed engine for this process. Throws `OperatorError`, with one line, when a store is missing or
 * refuses, or when the engine is another one.
 */
export async function openForProcess(options: ProcessEngineOptions): Promise<ProcessEngine> {
  const { config, log, metrics, consumers = [], relay = false } = options;
  const { clock = { now: () => Date.now() } } = options;
  if (config.serviceUrls === null) {
    throw new OperatorError(
      'the embedded engine does all of this inside its server: there is nothing to run beside it (TWITE_ENGINE is embedded)',
    );
  }
  const { openDistributedEngine, EngineOpenError, armFailpoint } = await loadDistributedEngine();
  armFailpoint(config.failpoint ?? undefined);
  try {
    const open = await openDistributedEngine({
      urls: config.serviceUrls,
      namespace: config.namespace,
      ...(options.clock === undefined ? {} : { limitsClock: options.clock }),
      settings: config.settings,
      jobConcurrency: config.jobConcurrency,
      consumers,
      relay,
      log: ({ level, msg, ...details }) => log[level](details, msg),
      ...(metrics === undefined ? {} : { observe: measureQueues(metrics) }),
    });
    if (metrics !== undefined) measureEngine(metrics, open);
    return {
      open,
      ids: open.guardIds(createIdGenerator({ clock, machine: open.machine, after: open.idsAfter })),
    };
  } catch (error) {
    if (error instanceof EngineOpenError) throw new OperatorError(error.message, { cause: error });
    throw error;
  }
}
