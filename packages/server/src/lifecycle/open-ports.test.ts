import { freePort } from '@twite/engine-distributed/testing';
import { loadConfig } from '@twite/process/config/load-config';
import { createLogger } from '@twite/process/logger';
import { createMetrics } from '@twite/process/metrics/create-metrics';
import { expect, test } from 'vitest';
import { openPorts } from './open-ports.ts';

async function openForTest() {
  const port = await freePort();
  const config = loadConfig({
    TWITE_PORT: String(port),
    TWITE_METRICS_PORT: '0',
    TWITE_LOG_LEVEL: 'silent',
  });
  const ports = await openPorts(config, createLogger(config), createMetrics({ role: 'server' }));
  return { port, ports, url: `http://127.0.0.1:${port}` };
}

const statusOf = (url: string): Promise<number | 'refused'> =>
  fetch(url).then(
    ({ status }) => status,
    () => 'refused',
  );

test('a server refuses connections until it serves, so that a load balancer uses another one', async () => {
  const { ports, url } = await openForTest();
  await using _closing = ports;
  expect(await statusOf(`${url}/v1/instance`)).toBe('refused');
  expect(() => ports.url).toThrow('not open yet');
  // The process can be monitored meanwhile.
  expect(await statusOf(`${ports.metricsUrl}/livez`)).toBe(200);
  expect(await statusOf(`${ports.metricsUrl}/readyz`)).toBe(503);

  await Promise.all([ports.listen(), ports.listen()]);
  expect(ports.url).toBe(url);
  const early = statusOf(`${url}/v1/instance`);
  expect(await statusOf(`${url}/livez`)).toBe(200);
  ports.serveWith((_, response) => response.writeHead(204).end());
  expect(await early).toBe(204);
});

test('a slow start returns 503, and then serves', async () => {
  const { ports, url } = await openForTest();
  await using _closing = ports;
  await ports.refuse();
  expect(await statusOf(`${url}/v1/instance`)).toBe(503);
  expect(await statusOf(`${url}/livez`)).toBe(200);
  expect(await statusOf(`${url}/readyz`)).toBe(503);
  await ports.listen();
  ports.serveWith((_, response) => response.writeHead(204).end());
  expect(await statusOf(`${url}/v1/instance`)).toBe(204);
});

test('a port in use fails the start, on every attempt', async () => {
  const first = await openForTest();
  await using _first = first.ports;
  await first.ports.listen();
  const config = loadConfig({
    TWITE_PORT: String(first.port),
    TWITE_METRICS_PORT: 'off',
    TWITE_LOG_LEVEL: 'silent',
  });
  await using second = await openPorts(config, createLogger(config), createMetrics({ role: 'server' }));
  await expect(second.refuse()).rejects.toThrow(`port ${first.port} on 127.0.0.1 is taken`);
  await expect(second.listen()).rejects.toThrow('is taken');
});
