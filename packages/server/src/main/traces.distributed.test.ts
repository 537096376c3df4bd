import { testNamespaces } from '@twite/engine-distributed/testing';
import { type OtlpReceiver, openOtlpReceiver, type ReceivedSpan } from '@twite/process/testing/otlp-receiver';
import { createTwite } from '@twite/sdk';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Processes, startProcesses } from '../fault-tests/processes.ts';
import { aPng } from '../http-tests/a-png.ts';
import { distributedEnv, password, services } from './testing/distributed-instance.ts';

/** A span by its name, below another one: the first with the whole path below it. */
function findPath(
  spans: readonly ReceivedSpan[],
  [name, ...rest]: readonly string[],
  parent?: ReceivedSpan,
): ReceivedSpan[] | undefined {
  if (name === undefined) return [];
  for (const span of spans) {
    const isBelow =
      parent === undefined
        ? span.parentSpanId === ''
        : span.parentSpanId === parent.spanId && span.traceId === parent.traceId;
    if (!isBelow || span.name !== name) continue;
    const below = findPath(spans, rest, span);
    if (below !== undefined) return [span, ...below];
  }
  return undefined;
}

describe.runIf(services !== undefined)('traces of server, relay and worker', () => {
  const namespaces = testNamespaces();
  const namespace = namespaces.add();
  let receiver: OtlpReceiver;
  let processes: Processes;
  let url = '';

  const path = (...names: readonly string[]) => receiver.until((spans) => findPath(spans, names));

  beforeAll(async () => {
    receiver = await openOtlpReceiver();
    processes = startProcesses({
      ...distributedEnv(namespace),
      TWITE_LOG_LEVEL: 'info',
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.endpoint,
      OTEL_BSP_SCHEDULE_DELAY: '100',
    });
    [[url]] = await Promise.all([
      processes.start('server').told(/http:\/\/127\.0\.0\.1:\d+/),
      processes.start('relay').told(/process ready/),
      processes.start('worker').told(/process ready/),
    ]);
  }, 180_000);
  afterAll(async () => {
    await processes?.[Symbol.asyncDispose]();
    await receiver?.[Symbol.asyncDispose]();
    await namespaces.erase();
  });

  test('a post is one tree, from the request to the timelines of followers', async () => {
    const author = createTwite({ baseUrl: url });
    const follower = createTwite({ baseUrl: url });
    const { account } = await author.accounts.create({ handle: 'enjolras', password });
    await follower.accounts.create({ handle: 'grantaire', password });
    await follower.accounts.follow({ accountId: account.accountId });
    // From here on there is a timeline to push to.
    await follower.timelines.home();
    await author.posts.create({ text: 'Long live the barricade, I believe in nothing' });

    const published = `publish ${namespace}.events:postCreated`;
    const post = 'POST /v1/posts';
    const [[request, relay, publish, consume, push], [, insert]] = await Promise.all([
      path(post, 'relay postCreated', published, 'process fanOut', 'EVALSHA twitePush'),
      path(post, 'insert posts'),
    ]);
    const whole = [request, insert, relay, publish, consume, push];
    expect(new Set(whole.map((span) => span?.traceId)).size).toBe(1);
    expect(whole.map((span) => [span?.resource['service.name'], span?.kind, span?.status])).toEqual([
      ['twite-server', 2, 0],
      ['twite-server', 3, 0],
      ['twite-relay', 1, 0],
      ['twite-relay', 4, 0],
      ['twite-worker', 5, 0],
      ['twite-worker', 3, 0],
    ]);
    expect(whole.map((span) => span?.attributes)).toMatchObject([
      {
        'http.request.method': 'POST',
        'http.route': '/v1/posts',
        'http.response.status_code': 201,
        'twite.operation': 'createPost',
      },
      {
        'db.system.name': 'mongodb',
        'db.namespace': `${namespace}_posts`,
        'db.collection.name': 'posts',
        'db.operation.name': 'insert',
      },
      { 'twite.event': 'postCreated' },
      {
        'messaging.system': 'rabbitmq',
        'messaging.operation.type': 'send',
        'messaging.destination.name': `${namespace}.events:postCreated`,
      },
      {
        'messaging.system': 'rabbitmq',
        'messaging.operation.type': 'process',
        'messaging.destination.name': `${namespace}.events.fanOut`,
      },
      {
        'db.system.name': 'redis',
        'db.operation.name': 'EVALSHA',
        'db.stored_procedure.name': 'twitePush',
      },
    ]);
    // Every consumer continues the same trace, even if it handled the event in a batch with others.
    for (const consumer of ['searchIndex', 'upkeep', 'counts'])
      await path(post, 'relay postCreated', published, `process ${consumer}`);
  }, 60_000);

  test('the work of a batch for all of its events is linked from each of them', async () => {
    const [, index] = await receiver.until((spans) => {
      const index = spans.find(({ name }) => name === 'indexPosts elasticsearch');
      const process = spans.find(({ spanId }) => spanId === index?.parentSpanId);
      return index && process && [index, process];
    });
    expect(index?.name).toBe('process searchIndex');
    const batched = receiver.spans.filter(
      ({ name, links }) => name.startsWith('process ') && links.length > 0,
    );
    for (const span of batched) {
      expect(span.attributes['messaging.batch.message_count']).toBeGreaterThan(1);
      for (const { spanId, traceId } of span.links) {
        const linked = await receiver.until((spans) => spans.find((other) => other.spanId === spanId));
        expect(linked.traceId).toBe(traceId);
      }
    }
  }, 60_000);

  test('reads, search, recommendations, follows and uploads are traced too', async () => {
    const twite = createTwite({ baseUrl: url });
    await twite.accounts.create({ handle: 'montparnasse', password });
    await twite.search.posts({ q: 'absinthe' });
    await twite.recommendations.listAccounts();
    await twite.media.upload(new Blob([new Uint8Array(aPng(20, 20))]), { altText: 'A secret drawing' });
    await path('POST /v1/accounts', 'password hash');
    await path('GET /v1/timelines/home', 'EVALSHA twiteReadTimelines');
    await path('GET /v1/search/posts', 'searchPosts elasticsearch');
    await path('POST /v1/media', 'media makeImage');
    await path('POST /v1/media', 'S3 put');
    await receiver.until((spans) => spans.find(({ name }) => name === 'keepGraph neo4j'));
  }, 60_000);

  test('no span contains user texts, identities or secrets', async () => {
    const sent = Buffer.concat(receiver.bodies);
    for (const text of [
      password,
      'barricade',
      'absinthe',
      'secret drawing',
      'enjolras',
      'grantaire',
      'montparnasse',
      'Bearer',
    ])
      expect(sent.includes(text), text).toBe(false);
    expect(sent.toString('latin1')).not.toMatch(/tw[arps]_[A-Za-z0-9_-]{8,}/);
    // Ids are numbers of nineteen digits.
    const attributes = receiver.spans.flatMap((span) => Object.values(span.attributes));
    expect(attributes.filter((value) => /\d{19}/.test(String(value)))).toEqual([]);
    for (const url of Object.values(services ?? {})) {
      const secret = URL.parse(url)?.password ?? '';
      if (secret.length > 5) expect(sent.includes(decodeURIComponent(secret))).toBe(false);
    }
  });
});
