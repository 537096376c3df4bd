import { createMetrics } from '@twite/process/metrics';
import { expect, test } from 'vitest';
import { createHttpMetrics } from './http-metrics.ts';

test('requests are counted by operation, method and status', async () => {
  const all = createMetrics();
  const metrics = createHttpMetrics(all);
  metrics.requestStarted();
  metrics.requestStarted();
  metrics.requestStarted();
  metrics.requestFinished('getPost', 'GET', 404, 0.002);
  metrics.requestFinished(undefined, 'BREW', 405, 0.001);
  const text = await all.render();
  expect(text).toContain('twite_http_requests_in_flight 1');
  expect(text).toContain('twite_http_requests_total{operation="getPost",method="GET",status="404"} 1');
  expect(text).toContain('twite_http_requests_total{operation="none",method="other",status="405"} 1');
  expect(text).toContain('twite_http_requests_shed_total{priority="low"} 0');
  expect(text).toMatch(
    /duration_seconds_bucket{le="0.0025",operation="getPost",method="GET",status="4xx"} 1/,
  );
});

test('refused requests are counted by priority and as answers, and not among the times', async () => {
  const all = createMetrics();
  const metrics = createHttpMetrics(all);
  metrics.requestShed('low', 'searchPosts', 'GET');
  metrics.requestShed('low', undefined, 'BREW');
  metrics.requestShed('high', 'createPost', 'POST');
  const text = await all.render();
  expect(text).toContain('twite_http_requests_shed_total{priority="low"} 2');
  expect(text).toContain('twite_http_requests_shed_total{priority="high"} 1');
  expect(text).toContain('twite_http_requests_total{operation="searchPosts",method="GET",status="503"} 1');
  expect(text).toContain('twite_http_requests_total{operation="none",method="other",status="503"} 1');
  expect(text).not.toContain('duration_seconds_count{');
});
