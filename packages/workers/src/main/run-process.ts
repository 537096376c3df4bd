import { type Config, loadConfig } from '@twite/process/config/load-config';
import type { ProcessRole } from '@twite/process/config/process-role';
import { followParent } from '@twite/process/follow-parent';
import { createLogger, type Logger } from '@twite/process/logger';
import { createMetrics, type Metrics } from '@twite/process/metrics/create-metrics';
import { serveMetrics } from '@twite/process/metrics/serve-metrics';
import { createReadiness } from '@twite/process/readiness';
import { runUntilSignal } from '@twite/process/run-until-signal';
import { tellOperator } from '@twite/process/tell-operator';
import { startTracing } from '@twite/process/traces/start-tracing';

/** The context of a process without an API. */
export interface ProcessContext {
  readonly config: Config;
  readonly log: Logger;
  readonly metrics: Metrics;
  /** Closed in reverse order when the process ends. */
  readonly resources: AsyncDisposableStack;
  /** Aborted when the process is asked to stop while it still starts. */
  readonly signal: AbortSignal;
}

/** A process without an API, once it has started. */
export interface StartedProcess {
  /** Resolves when it can no longer be trusted and the process must exit. */
  readonly failed: Promise<Error>;
  /** Rejects while a required dependency does not answer. */
  checkReady(): Promise<void>;
}

/**
 * Runs as this process until a signal arrives: with configuration, log, a graceful shutdown, and metrics and health on
 * their port, which is open before `start` is called.
 */
export const runProcess = (
  env: Readonly<Record<string, string | undefined>>,
  role: ProcessRole & { readonly kind: 'worker' | 'relay' },
  start: (context: ProcessContext) => Promise<StartedProcess>,
): Promise<void> =>
  tellOperator(async () => {
    followParent();
    const config = loadConfig(env, role);
    const log = createLogger(config);
    await runUntilSignal(async (signal) => {
      const metrics = createMetrics({ role: role.kind });
      const readiness = createReadiness();
      await using opening = new AsyncDisposableStack();
      // Keeps the process alive, whatever it waits for.
      const alive = setInterval(() => undefined, 60_000);
      opening.defer(() => clearInterval(alive));
      opening.use(await startTracing(config, log));
      const { metricsPort } = config;
      const served =
        metricsPort === null
          ? undefined
          : opening.use(await serveMetrics(metrics, readiness, { ...config, metricsPort }));
      const { failed, checkReady } = await start({ config, log, metrics, resources: opening, signal });
      readiness.becomeReady(checkReady);
      log.info({ metricsUrl: served?.url }, 'process ready');
      const resources = opening.move();
      return {
        failed,
        close() {
          readiness.takeBack();
          return resources.disposeAsync();
        },
      };
    }, log);
  });
