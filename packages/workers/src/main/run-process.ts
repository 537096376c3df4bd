import { type Config, loadConfig } from '@twite/process/config/load-config';
import { endProcessWith } from '@twite/process/end-process';
import { followParent } from '@twite/process/follow-parent';
import { createLogger, type Logger } from '@twite/process/logger';
import { createMetrics, type Metrics, serveMetrics } from '@twite/process/metrics';
import { tellOperator } from '@twite/process/tell-operator';

/** What a process without an API runs on. */
export interface ProcessContext {
  readonly config: Config;
  readonly log: Logger;
  readonly metrics: Metrics;
  /** Closed in reverse order when the process ends. */
  readonly resources: AsyncDisposableStack;
}

/**
 * Runs something as this process until a signal comes: configuration, log, metrics on their port, a graceful end.
 * `start` answers what ends the process when it fails.
 */
export const runProcess = (
  env: Readonly<Record<string, string | undefined>>,
  what: string,
  start: (context: ProcessContext) => Promise<{ readonly failed: Promise<Error> }>,
): Promise<void> =>
  tellOperator(async () => {
    followParent();
    const config = loadConfig(env);
    const log = createLogger(config);
    const metrics = createMetrics();
    await using opening = new AsyncDisposableStack();
    const { failed } = await start({ config, log, metrics, resources: opening });
    const { metricsPort } = config;
    const served = metricsPort === null ? undefined : await serveMetrics(metrics, { ...config, metricsPort });
    if (served !== undefined) opening.use(served);
    const resources = opening.move();
    const alive = setInterval(() => undefined, 60_000);
    resources.defer(() => clearInterval(alive));
    endProcessWith({ failed, close: () => resources.disposeAsync() }, log);
    log.info({ metricsUrl: served?.url }, `${what} is ready`);
  });
