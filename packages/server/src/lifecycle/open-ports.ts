import type { RequestListener } from 'node:http';
import type { Config } from '@twite/process/config/load-config';
import { listen } from '@twite/process/listen';
import type { Logger } from '@twite/process/logger';
import type { Metrics } from '@twite/process/metrics/create-metrics';
import { serveMetrics } from '@twite/process/metrics/serve-metrics';
import { createReadiness, type OwnReadiness } from '@twite/process/readiness';
import { createDrainingServer } from './draining-server.ts';
import { answerWhileStarting, isHealthPath } from './starting-answer.ts';

/** The ports of a server: the metrics port is open from the start, the API port once `listen` was called. */
export interface Ports extends AsyncDisposable {
  /** Opens the API's port; further calls have no effect. Throws `OperatorError` when it is taken. */
  listen(): Promise<void>;
  /** The URL of the API, once it listens, without a trailing slash: `http://127.0.0.1:8080`. */
  readonly url: string;
  /** Undefined when no metrics are served. */
  readonly metricsUrl: string | undefined;
  readonly readiness: OwnReadiness;
  /** Answers requests from now on, including waiting ones. Until then only health checks are answered. */
  serveWith(listener: RequestListener): void;
  /** Listens, and answers requests with 503 until `serveWith`: the startup takes longer. */
  refuse(): Promise<void>;
  /** From now on every answer asks its client to close the connection. */
  discourage(): void;
  /** Accepts no more connections and waits for requests in flight, for `config.drainSeconds`. */
  drain(): Promise<void>;
}

/** Opens the metrics port. Throws `OperatorError` when it is taken. */
export async function openPorts(config: Config, log: Logger, metrics: Metrics): Promise<Ports> {
  await using opening = new AsyncDisposableStack();
  const readiness = createReadiness();
  const started = Promise.withResolvers<RequestListener>();
  let listener: RequestListener = (request, response) => {
    if (isHealthPath(request.url)) answerWhileStarting(request, response);
    else void started.promise.then((answer) => answer(request, response));
  };
  const { connectionsMax } = config;
  const draining = createDrainingServer((request, response) => void listener(request, response), {
    connectionsMax,
  });

  const { metricsPort } = config;
  const metricsServer =
    metricsPort === null
      ? undefined
      : opening.use(await serveMetrics(metrics, readiness, { ...config, metricsPort }));
  let listening: Promise<string> | undefined;
  let url: string | undefined;
  const listenOnce = async (): Promise<void> => {
    listening ??= listen(draining.server, {
      host: config.host,
      port: config.port,
      hostVariable: 'TWITE_HOST',
      portVariable: 'TWITE_PORT',
    });
    url = await listening;
  };
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
    listen: listenOnce,
    get url() {
      if (url === undefined) throw new Error('the port of the API is not open yet');
      return url;
    },
    metricsUrl: metricsServer?.url,
    readiness,
    serveWith: answerWith,
    async refuse() {
      answerWith(answerWhileStarting);
      await listenOnce();
    },
    discourage: () => draining.discourage(),
    async drain() {
      const inTime = await draining.drain(config.drainSeconds);
      if (!inTime) log.warn({ drainSeconds: config.drainSeconds }, 'requests cut off at shutdown');
    },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}
