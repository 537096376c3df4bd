import { expect, test } from 'vitest';
import { createMetrics, serveMetrics } from './metrics.ts';
import { createReadiness } from './readiness.ts';

test('counts and times are told by their label', async () => {
  const metrics = createMetrics();
  const count = metrics.counter('twite_things_total', 'Things.', 'kind');
  const time = metrics.timer('twite_thing_seconds', 'Time of things.', 'kind');
  count('one');
  count('one', 2);
  time('one', 0.002);
  metrics.observeBy('twite_depth', 'Depths.', 'queue', async () => [['jobs', 4]]);
  const text = await metrics.render();
  expect(text).toContain('twite_things_total{kind="one"} 3');
  expect(text).toContain('twite_thing_seconds_bucket{le="0.0025",kind="one"} 1');
  expect(text).toContain('twite_depth{queue="jobs"} 4');
  expect(text).toContain('nodejs_eventloop_lag_p99_seconds');
  expect(text).toContain('process_resident_memory_bytes');
});

test('numbers are asked for when metrics are', async () => {
  const metrics = createMetrics();
  let depth = 3;
  metrics.observe('twite_password_queue_depth', 'Waiting.', () => depth);
  expect(await metrics.render()).toContain('twite_password_queue_depth 3');
  depth = 0;
  expect(await metrics.render()).toContain('twite_password_queue_depth 0');
});

const place = { metricsHost: '127.0.0.1', metricsPort: 0 };

test('they are served on a port of their own, and nothing else but health is', async () => {
  await using served = await serveMetrics(createMetrics(), createReadiness(), place);
  const response = await fetch(`${served.url}/metrics`);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toContain('text/plain');
  expect(await response.text()).toContain('process_cpu_seconds_total');
  expect((await fetch(`${served.url}/`)).status).toBe(404);
  expect((await fetch(`${served.url}/constructor`)).status).toBe(404);
  const post = await fetch(`${served.url}/metrics`, { method: 'POST' });
  expect([post.status, post.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
});

test('a process is live at once, ready when it has started and its check passes, and no more when it stops', async () => {
  const readiness = createReadiness();
  await using served = await serveMetrics(createMetrics(), readiness, place);
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
