import type { RequestListener } from 'node:http';
import type { Config } from '@twite/process/config/load-config';
import { listen } from '@twite/process/listen';
import type { Logger } from '@twite/process/logger';
import type { Metrics } from '@twite/process/metrics/create-metrics';
import { serveMetrics } from '@twite/process/metrics/serve-metrics';
import { createReadiness, type OwnReadiness } from '@twite/process/readiness';
import { createDrainingServer } from './draining-server.ts';
import { answerWhileStarting, isHealthPath } from './starting-answer.ts';

/** The ports of a server, open from its start on: orchestrators see a process that lives and is not ready. */
export interface Ports extends AsyncDisposable {
  /** Without a slash at its end: `http://127.0.0.1:8080`. */
  readonly url: string;
  /** Undefined when no metrics are served. */
  readonly metricsUrl: string | undefined;
  readonly readiness: OwnReadiness;
  /** Requests so far, but for those of health, have waited; from now on this answers them. */
  serveWith(listener: RequestListener): void;
  /** From now on, and until `serveWith`, requests are answered with 503: the start takes longer. */
  refuse(): void;
  /** From now on every answer asks its client to close the connection. */
  discourage(): void;
  /** Takes no more connections and waits for requests in flight, for `config.drainSeconds`. */
  drain(): Promise<void>;
}

/** Opens the ports. Throws `OperatorError` when one is taken. */
export async function openPorts(config: Config, log: Logger, metrics: Metrics): Promise<Ports> {
  await using opening = new AsyncDisposableStack();
  const readiness = createReadiness();
  const started = Promise.withResolvers<RequestListener>();
  let listener: RequestListener = (request, response) => {
    if (isHealthPath(request.url)) answerWhileStarting(request, response);
    else void started.promise.then((answer) => answer(request, response));
  };
  const draining = createDrainingServer((request, response) => void listener(request, response));

  const { metricsPort } = config;
  const metricsServer =
    metricsPort === null
      ? undefined
      : opening.use(await serveMetrics(metrics, readiness, { ...config, metricsPort }));
  const url = await listen(draining.server, {
    host: config.host,
    port: config.port,
    hostVariable: 'TWITE_HOST',
    portVariable: 'TWITE_PORT',
  });
  opening.defer(() => {
    draining.server.close();
    draining.server.closeAllConnections();
  });
  const answerWith = (given: RequestListener): void => {
    listener = given;
    started.resolve(given);
  };
  const resources = opening.move();
  return {
    url,
    metricsUrl: metricsServer?.url,
    readiness,
    serveWith: answerWith,
    refuse: () => answerWith(answerWhileStarting),
    discourage: () => draining.discourage(),
    async drain() {
      const inTime = await draining.drain(config.drainSeconds);
      if (!inTime) log.warn(`requests took longer than ${config.drainSeconds} s to end and were cut off`);
    },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}
