import { expect, test } from 'vitest';
import { createReadiness } from '../readiness.ts';
import { createMetrics } from './create-metrics.ts';
import { serveMetrics } from './serve-metrics.ts';

const place = { metricsHost: '127.0.0.1', metricsPort: 0 };
const metrics = () => createMetrics({ role: 'worker' });

test('they are served on a separate port, with nothing else except health', async () => {
  await using served = await serveMetrics(metrics(), createReadiness(), place);
  const response = await fetch(`${served.url}/metrics`);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toContain('text/plain');
  expect(await response.text()).toContain('process_cpu_seconds_total');
  expect((await fetch(`${served.url}/`)).status).toBe(404);
  expect((await fetch(`${served.url}/constructor`)).status).toBe(404);
  const post = await fetch(`${served.url}/metrics`, { method: 'POST' });
  expect([post.status, post.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
});

test('a process is live immediately, and ready from its start until it stops, while its check passes', async () => {
  const readiness = createReadiness();
  await using served = await serveMetrics(metrics(), readiness, place);
  const ready = async () => (await fetch(`${served.url}/readyz`)).status;
  expect((await fetch(`${served.url}/livez`)).status).toBe(200);
  expect(await ready()).toBe(503);
  let isBrokerUp = true;
  readiness.becomeReady(async () => {
    if (!isBrokerUp) throw new Error('the broker does not answer');
  });
  expect(await ready()).toBe(200);
  isBrokerUp = false;
  expect(await ready()).toBe(503);
  isBrokerUp = true;
  readiness.takeBack();
  expect(await ready()).toBe(503);
  expect((await fetch(`${served.url}/livez`)).status).toBe(200);
});
