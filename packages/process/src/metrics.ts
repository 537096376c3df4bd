import { createServer } from 'node:http';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Config } from './config/load-config.ts';
import { listen } from './listen.ts';
import type { Readiness } from './readiness.ts';

interface Page {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

const healthPage = (status: number, text: string): Page => ({
  status,
  type: 'application/json; charset=utf-8',
  body: JSON.stringify({ status: text }),
});

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

/**
 * Serves `/metrics`, `/livez` (the process runs) and `/readyz` (it works) on a port of its own. Disposing closes it.
 * Throws `OperatorError`.
 */
export async function serveMetrics(
  metrics: Metrics,
  readiness: Readiness,
  { metricsHost, metricsPort }: Pick<Config, 'metricsHost'> & { readonly metricsPort: number },
): Promise<AsyncDisposable & { readonly url: string }> {
  const pages: Readonly<Record<string, () => Promise<Page>>> = {
    '/metrics': async () => ({ status: 200, type: metrics.contentType, body: await metrics.render() }),
    '/livez': async () => healthPage(200, 'live'),
    '/readyz': async () =>
      (await readiness.isReady()) ? healthPage(200, 'ready') : healthPage(503, 'unavailable'),
  };
  const server = createServer(async (request, response) => {
    const path = request.url?.split('?')[0] ?? '';
    const page = Object.hasOwn(pages, path) ? pages[path] : undefined;
    const reads = request.method === 'GET' || request.method === 'HEAD';
    if (page === undefined || !reads) {
      response.writeHead(page ? 405 : 404, page ? { allow: 'GET, HEAD' } : {}).end();
      return;
    }
    try {
      const { status, type, body } = await page();
      response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body);
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
