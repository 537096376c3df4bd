import { createMetrics } from '@twite/process/metrics/create-metrics';
import { expect, test } from 'vitest';
import type { FinishedRequest } from '../http/http-config.ts';
import { createHttpMetrics } from './http-metrics.ts';

const finished = (request: Partial<FinishedRequest>): FinishedRequest => ({
  operation: 'getPost',
  method: 'GET',
  status: 200,
  seconds: 0.002,
  errorCode: undefined,
  ...request,
});

const start = () => {
  const all = createMetrics({ role: 'server' });
  return { http: createHttpMetrics(all), render: () => all.render() };
};

test('requests are counted and timed by operation, method and status', async () => {
  const { http, render } = start();
  http.requestStarted();
  http.requestStarted();
  http.requestFinished(finished({ status: 404, errorCode: 'post_not_found' }));
  const text = await render();
  expect(text).toContain('twite_http_requests_in_flight 1\n');
  expect(text).toContain('twite_http_requests_total{operation="getPost",method="GET",status="404"} 1\n');
  expect(text).toContain(
    'twite_http_request_duration_seconds_bucket{operation="getPost",method="GET",status="4xx",le="0.001"} 0\n',
  );
  expect(text).toContain(
    'twite_http_request_duration_seconds_bucket{operation="getPost",method="GET",status="4xx",le="0.0025"} 1\n',
  );
});

test('an invented method does not become a label', async () => {
  const { http, render } = start();
  for (let n = 0; n < 100; n += 1) {
    http.requestStarted();
    http.requestFinished(finished({ operation: 'none', method: `BREW${n}`, status: 405 }));
  }
  const text = await render();
  expect(text).toContain('twite_http_requests_total{operation="none",method="other",status="405"} 100\n');
  expect(text).not.toContain('BREW');
});

test('sign-ins and uploads are counted by outcome, each from the start', async () => {
  const { http, render } = start();
  expect(await render()).toContain('twite_sign_ins_total{outcome="invalid_credentials"} 0\n');
  const requests = [
    { operation: 'createSession', status: 201 },
    { operation: 'createSession', status: 401, errorCode: 'invalid_credentials' },
    { operation: 'createSession', status: 499 },
    { operation: 'createSession', status: 500 },
    { operation: 'uploadMedia', status: 415, errorCode: 'unsupported_media' },
  ] as const;
  for (const request of requests) http.requestFinished(finished(request));
  const text = await render();
  for (const outcome of ['succeeded', 'invalid_credentials', 'aborted', 'internal_error'])
    expect(text).toContain(`twite_sign_ins_total{outcome="${outcome}"} 1\n`);
  expect(text).toContain('twite_media_uploads_total{outcome="unsupported_media"} 1\n');
  expect(text).toContain('twite_media_uploads_total{outcome="succeeded"} 0\n');
});

test('refused requests are counted by priority and as responses, but not in durations', async () => {
  const { http, render } = start();
  http.requestShed('low', 'searchPosts', 'GET');
  http.requestShed('low', undefined, 'BREW');
  http.requestShed('high', 'createPost', 'POST');
  const text = await render();
  expect(text).toContain('twite_http_requests_shed_total{priority="low"} 2\n');
  expect(text).toContain('twite_http_requests_shed_total{priority="normal"} 0\n');
  expect(text).toContain('twite_http_requests_shed_total{priority="high"} 1\n');
  expect(text).toContain('twite_http_requests_total{operation="searchPosts",method="GET",status="503"} 1\n');
  expect(text).toContain('twite_http_requests_total{operation="none",method="other",status="503"} 1\n');
  expect(text).toContain('twite_http_requests_in_flight 0\n');
  expect(text).not.toContain('duration_seconds_count{operation');
});
