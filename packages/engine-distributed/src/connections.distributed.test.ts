import { Unavailable } from '@twite/core/unavailable';
import { describe, expect, it } from 'vitest';
import { connect } from './connections.ts';
import { openMessaging, rabbitUrl } from './rabbitmq/testing/open-messaging.ts';
import { openTcpProxy } from './rabbitmq/testing/tcp-proxy.ts';
import { hasServices, testUrls } from './testing/open-for-test.ts';
import { randomNamespace } from './testing/random-namespace.ts';

describe.runIf(hasServices)('connections to services', () => {
  it('a hanging RabbitMQ does not keep a process from ending', async () => {
    await using messaging = await openMessaging();
    await using proxy = await openTcpProxy(rabbitUrl);
    const hanging = await messaging.beside({ url: proxy.url, relays: false });
    await hanging.broker.events.consume('upkeep', async () => {});
    await hanging.broker.publisher.publish({
      exchange: hanging.broker.names.jobs,
      routingKey: 'job',
      body: Buffer.from('{}'),
      at: null,
    });
    proxy.freeze();
    const started = performance.now();
    await hanging.close();
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  it('a hanging MongoDB delays calls by five seconds in total', async () => {
    const urls = testUrls();
    await using proxy = await openTcpProxy(urls.mongodb.posts);
    const { url } = proxy;
    const mongodb = { posts: url, replies: url, social: url, identity: url };
    await using connections = await connect({ ...urls, mongodb }, randomNamespace(), () => {});
    const { mongodb: guarded } = connections;
    const { posts } = guarded.collections;
    const call = <T>(ask: () => Promise<T>) => guarded.call(ask);
    await call(() => posts.findOne({ _id: 'none' }));
    proxy.freeze();
    const started = performance.now();
    for (let times = 1; times <= 2; times++) {
      const asked = await Promise.allSettled([
        call(() => posts.findOne({ _id: 'none' })),
        call(() => posts.updateOne({ _id: 'none' }, { $set: { rev: 1 } })),
      ]);
      for (const answer of asked)
        expect(answer).toMatchObject({ status: 'rejected', reason: expect.any(Unavailable) });
      expect(performance.now() - started).toBeLessThan(times * 5_500);
    }
  });
});
