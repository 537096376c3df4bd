import { createServer } from 'node:http';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Config } from './config/load-config.ts';
import { listen } from './listen.ts';

/** What is measured, of one process. Labels must be few, whatever comes from outside. */
export interface Metrics {
  /** For measures that keep their own numbers. */
  readonly registry: Registry;
  /** A number that is asked for when metrics are. */
  observe(name: string, help: string, read: () => number): void;
  /** Numbers by one label, asked for when metrics are. */
  observeBy(
    name: string,
    help: string,
    label: string,
    read: () => Iterable<readonly [string, number]> | Promise<Iterable<readonly [string, number]>>,
  ): void;
  /** Counts, by one label. */
  counter(name: string, help: string, label: string): (value: string, by?: number) => void;
  /** Times in seconds, by one label. */
  timer(name: string, help: string, label: string): (value: string, seconds: number) => void;
  /** In the text format of Prometheus. */
  render(): Promise<string>;
  readonly contentType: string;
}

export const secondsBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];

/** Of the process (memory, event-loop delay, garbage collection, …) and of what is registered with it. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  return {
    registry,
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
    observeBy(name, help, label, read) {
      new Gauge({
        name,
        help,
        labelNames: [label],
        registers,
        async collect() {
          const rows = await read();
          this.reset();
          for (const [value, number] of rows) this.set({ [label]: value }, number);
        },
      });
    },
    counter(name, help, label) {
      const counter = new Counter({ name, help, labelNames: [label], registers });
      return (value, by = 1) => counter.inc({ [label]: value }, by);
    },
    timer(name, help, label) {
      const histogram = new Histogram({
        name,
        help,
        labelNames: [label],
        buckets: secondsBuckets,
        registers,
      });
      return (value, seconds) => histogram.observe({ [label]: value }, seconds);
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
