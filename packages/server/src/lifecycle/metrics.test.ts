import { expect, test } from 'vitest';
import { createMetrics, serveMetrics } from './metrics.ts';

test('requests are counted by operation, method and status', async () => {
  const metrics = createMetrics();
  metrics.requestStarted();
  metrics.requestStarted();
  metrics.requestStarted();
  metrics.requestFinished('getPost', 'GET', 404, 0.002);
  metrics.requestFinished(undefined, 'BREW', 405, 0.001);
  const text = await metrics.render();
  expect(text).toContain('twite_http_requests_in_flight 1');
  expect(text).toContain('twite_http_requests_total{operation="getPost",method="GET",status="404"} 1');
  expect(text).toContain('twite_http_requests_total{operation="none",method="other",status="405"} 1');
  expect(text).toMatch(
    /duration_seconds_bucket{le="0.0025",operation="getPost",method="GET",status="4xx"} 1/,
  );
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

test('they are served on a port of their own, and nothing else is', async () => {
  await using served = await serveMetrics(createMetrics(), { metricsHost: '127.0.0.1', metricsPort: 0 });
  const response = await fetch(`${served.url}/metrics`);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toContain('text/plain');
  expect(await response.text()).toContain('process_cpu_seconds_total');
  expect((await fetch(`${served.url}/`)).status).toBe(404);
  const post = await fetch(`${served.url}/metrics`, { method: 'POST' });
  expect([post.status, post.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
});
