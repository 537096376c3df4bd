import { createServer } from 'node:http';
import type { Config } from '../config/load-config.ts';
import { listen } from '../listen.ts';
import type { Readiness } from '../readiness.ts';
import type { Metrics } from './create-metrics.ts';

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

/**
 * Serves `/metrics`, `/livez` (the process runs) and `/readyz` (it works) on a separate port. Disposing closes it.
 * Throws `OperatorError`.
 */
export async function serveMetrics(
  metrics: Pick<Metrics, 'render' | 'contentType'>,
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
  // The port of the API determines how long the process lives.
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
