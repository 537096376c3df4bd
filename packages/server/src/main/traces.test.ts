import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isTracing } from '@twite/core/tracer';
import { loadConfig } from '@twite/process/config/load-config';
import { createLogger } from '@twite/process/logger';
import { type OtlpReceiver, openOtlpReceiver, type ReceivedSpan } from '@twite/process/testing/otlp-receiver';
import { createTwite } from '@twite/sdk';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startEmbedded } from './embedded.ts';

const password = 'la petite Gervaise';

let folder: string;
let receiver: OtlpReceiver;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'twite-traces-'));
  receiver = await openOtlpReceiver();
});
afterEach(async () => {
  await receiver[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

const start = (env: Record<string, string> = {}) => {
  const config = loadConfig({
    TWITE_DATA_DIR: join(folder, 'data'),
    TWITE_PORT: '0',
    TWITE_METRICS_PORT: 'off',
    TWITE_LOG_LEVEL: 'silent',
    ...env,
  });
  return startEmbedded(config, { log: createLogger(config) });
};

const childrenOf = (parent: ReceivedSpan | undefined, name: string) =>
  receiver.spans.filter(
    (span) => span.name === name && span.parentSpanId === parent?.spanId && span.traceId === parent.traceId,
  );

test('the embedded engine: requests, SQLite, consumers and jobs are one tree, sent at the latest at shutdown', async () => {
  const server = await start({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.endpoint });
  const twite = createTwite({ baseUrl: server.url });
  await twite.accounts.create({ handle: 'gervaise', password });
  const { postId } = await twite.posts.create({ text: 'Forty sous' });
  await twite.search.posts({ q: 'sous' });
  await twite.posts.delete({ postId });
  await server.settled();
  await server.close();

  const [created] = receiver.spans.filter(({ name }) => name === 'POST /v1/posts');
  expect(created).toMatchObject({ kind: 2, resource: { 'service.name': 'twite-server' } });
  const [insert] = childrenOf(created, 'insertPost');
  expect(insert).toMatchObject({
    kind: 3,
    attributes: { 'db.system.name': 'sqlite', 'db.operation.name': 'insertPost' },
  });
  const [indexing] = childrenOf(insert, 'process searchIndex');
  expect(indexing).toMatchObject({ kind: 5, attributes: { 'messaging.system': 'sqlite' } });
  expect(childrenOf(insert, 'process fanOut')).toHaveLength(1);

  // A job, enqueued by the consumer of the event, removes the rest of a deleted post.
  const [deleted] = receiver.spans.filter(({ name }) => name === 'DELETE /v1/posts/:postId');
  const [deletion] = childrenOf(deleted, 'deletePost');
  const [upkeep] = childrenOf(deletion, 'process upkeep');
  const [enqueue] = childrenOf(upkeep, 'enqueueJobs');
  const [reconcile] = childrenOf(enqueue, 'process jobs.reconcile');
  const [job] = childrenOf(reconcile, 'job purgePost');
  expect(job?.attributes).toEqual({ 'twite.job': 'purgePost' });

  const sent = Buffer.concat(receiver.bodies);
  for (const text of [password, 'gervaise', 'sous', postId]) expect(sent.includes(text), text).toBe(false);
  expect(isTracing()).toBe(false);
});

test('a request continues the trace of its client, and a failed one says so', async () => {
  const server = await start({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.endpoint });
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  const get = (path: string, flags: string) =>
    fetch(`${server.url}${path}`, { headers: { traceparent: traceparent.replace(/01$/, flags) } });
  await get('/v1/instance', '01');
  await get('/v1/me', '01');
  // Neither requests that the client does not want recorded, nor ones that are not operations.
  await get('/v1/instance', '00');
  await get('/livez', '01');
  await get('/v1/nothing', '01');
  await server.close();
  expect(
    receiver.spans
      .filter(({ kind }) => kind === 2)
      .map(({ name, attributes }) => [name, attributes['http.response.status_code']]),
  ).toEqual([
    ['GET /v1/instance', 200],
    ['GET /v1/me', 401],
  ]);
  for (const { traceId } of receiver.spans) expect(traceId).toBe('0af7651916cd43dd8448eb211c80319c');
  expect(receiver.spans[0]).toMatchObject({ parentSpanId: 'b7ad6b7169203331', status: 0 });
});

test('without an endpoint nothing is traced and nothing is stored for it', async () => {
  const server = await start();
  const twite = createTwite({ baseUrl: server.url });
  await twite.accounts.create({ handle: 'gervaise', password });
  await server.settled();
  await server.close();
  expect(isTracing()).toBe(false);
  expect(receiver.requests).toEqual([]);
});
