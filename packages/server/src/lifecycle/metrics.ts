import { createServer } from 'node:http';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Config } from '../config/load-config.ts';
import { listen } from './listen.ts';

/** What is measured, of one server. */
export interface Metrics {
  requestStarted(): void;
  /** `operationId` undefined: no operation has the path. */
  requestFinished(operationId: string | undefined, method: string, status: number, seconds: number): void;
  /** A number that is asked for when metrics are. */
  observe(name: string, help: string, read: () => number): void;
  /** In the text format of Prometheus. */
  render(): Promise<string>;
  readonly contentType: string;
}

const knownMethods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** Of the process (memory, event-loop delay, garbage collection, …) and of the HTTP API. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const inFlight = new Gauge({
    name: 'twite_http_requests_in_flight',
    help: 'Requests that are being answered.',
    registers,
  });
  const duration = new Histogram({
    name: 'twite_http_request_duration_seconds',
    help: 'Time to answer, by operation, method and class of status.',
    labelNames: ['operation', 'method', 'status'] as const,
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers,
  });
  // Counted in a plain map, and handed to the registry when it is asked: labels cost more than the request's own rules.
  const counts = new Map<string, number>();
  new Counter({
    name: 'twite_http_requests_total',
    help: 'Requests answered, by operation, method and status.',
    labelNames: ['operation', 'method', 'status'] as const,
    registers,
    collect() {
      this.reset();
      for (const [key, count] of counts) {
        const [operation = '', method = '', status = ''] = key.split(' ');
        this.inc({ operation, method, status }, count);
      }
    },
  });

  return {
    requestStarted: () => inFlight.inc(),
    requestFinished(operationId, givenMethod, status, seconds) {
      inFlight.dec();
      // Labels must be few whatever clients send.
      const operation = operationId ?? 'none';
      const method = knownMethods.has(givenMethod) ? givenMethod : 'other';
      duration.observe({ operation, method, status: `${Math.floor(status / 100)}xx` }, seconds);
      const key = `${operation} ${method} ${status}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    },
    observe(name, help, read) {
      new Gauge({
        name,
        help,
        registers,
        collect() {
          this.set(read());
        },
      });
    },
    render: () => registry.metrics(),
    contentType: registry.contentType,
  };
}

/** Serves `/metrics` on a port of its own. Disposing closes it. Throws `OperatorError`. */
export async function serveMetrics(
  metrics: Metrics,
  { metricsHost, metricsPort }: Pick<Config, 'metricsHost'> & { readonly metricsPort: number },
): Promise<AsyncDisposable & { readonly url: string }> {
  const server = createServer(async (request, response) => {
    const known = request.url?.split('?')[0] === '/metrics';
    const reads = request.method === 'GET' || request.method === 'HEAD';
    if (!known || !reads) {
      response.writeHead(known ? 405 : 404, known ? { allow: 'GET, HEAD' } : {}).end();
      return;
    }
    try {
      const body = await metrics.render();
      response.writeHead(200, { 'content-type': metrics.contentType }).end(body);
    } catch {
      response.writeHead(500).end();
    }
  });
  const url = await listen(server, {
    host: metricsHost,
    port: metricsPort,
    hostVariable: 'TWITE_METRICS_HOST',
    portVariable: 'TWITE_METRICS_PORT',
  });
  // The port of the API decides how long the process lives.
  server.unref();
  return {
    url,
    async [Symbol.asyncDispose]() {
      const { promise, resolve } = Promise.withResolvers<void>();
      server.close(() => resolve());
      server.closeAllConnections();
      await promise;
    },
  };
}
