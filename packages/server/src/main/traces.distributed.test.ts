import { testNamespaces } from '@twite/engine-distributed/testing';
import { type OtlpReceiver, openOtlpReceiver } from '@twite/process/testing/otlp-receiver';
import { createTwite } from '@twite/sdk';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Processes, startProcesses } from '../fault-tests/processes.ts';
import { distributedEnv, password, services } from './testing/distributed-instance.ts';

describe.runIf(services !== undefined)('traces of server, relay and worker', () => {
  const namespaces = testNamespaces();
  let receiver: OtlpReceiver;
  let processes: Processes;
  let url = '';

  beforeAll(async () => {
    receiver = await openOtlpReceiver();
    processes = startProcesses({
      ...distributedEnv(namespaces.add()),
      TWITE_LOG_LEVEL: 'info',
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.endpoint,
      OTEL_BSP_SCHEDULE_DELAY: '100',
    });
    const server = processes.start('server');
    const ready = /http:\/\/127\.0\.0\.1:\d+/;
    [[url]] = await Promise.all([
      server.told(ready),
      processes.start('relay').told(/relay is ready/),
      processes.start('worker').told(/worker is ready/),
    ]);
  }, 120_000);
  afterAll(async () => {
    await processes?.[Symbol.asyncDispose]();
    await receiver?.[Symbol.asyncDispose]();
    await namespaces.erase();
  });

  test('a post is one tree', async () => {
    const author = createTwite({ baseUrl: url });
    const follower = createTwite({ baseUrl: url });
    const { account } = await author.accounts.create({ handle: 'fantine', password });
    await follower.accounts.create({ handle: 'cosette', password });
    await follower.accounts.follow({ accountId: account.accountId });
    await follower.timelines.home();
    await author.posts.create({ text: 'A text that no trace holds' });
    await receiver.until((spans) => spans.find(({ name }) => name === 'process fanOut'));
    await new Promise((r) => setTimeout(r, 3000));
    const post = receiver.spans.find(({ name }) => name === 'POST /v1/posts');
    const print = (parent: string, depth: number) => {
      for (const s of receiver.spans.filter(
        (each) => each.traceId === post?.traceId && each.parentSpanId === parent,
      )) {
        console.log(
          `${'  '.repeat(depth)}${s.name} [${s.kind}] ${s.resource['service.name']} ${Number(s.endedAt - s.startedAt) / 1e6}ms ${JSON.stringify(s.attributes)}`,
        );
        print(s.spanId, depth + 1);
      }
    };
    print('', 0);
    expect(post).toBeDefined();
  }, 60_000);
});
