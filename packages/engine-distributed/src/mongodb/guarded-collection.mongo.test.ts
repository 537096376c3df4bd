import { Unavailable } from '@twite/core/unavailable';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Connections, connect } from '../connections.ts';
import { openTcpProxy, type TcpProxy } from '../rabbitmq/testing/tcp-proxy.ts';
import { eraseNamespace } from '../testing/erase-namespace.ts';
import { hasServices, testUrls } from '../testing/open-for-test.ts';
import { randomNamespace } from '../testing/random-namespace.ts';

const aPost = (index: number) => ({
  _id: `post${index}`,
  authorId: 'author',
  rev: 1,
  deleted: false,
});

describe.runIf(hasServices)('MongoDB on two deployments, each behind its own breaker', () => {
  const namespace = randomNamespace();
  const resources = new AsyncDisposableStack();
  let proxy: TcpProxy;
  let connections: Connections;
  beforeAll(async () => {
    const urls = testUrls();
    proxy = resources.use(await openTcpProxy(urls.mongodb.replies));
    const mongodb = { ...urls.mongodb, replies: proxy.url };
    connections = resources.use(await connect({ ...urls, mongodb }, namespace, () => {}));
  });
  afterAll(async () => {
    await resources.disposeAsync();
    await eraseNamespace(testUrls(), [namespace]);
  });

  it('reads and writes like the collection itself, page by page', async () => {
    const { posts } = connections.mongodb.collections;
    await posts.insertMany(Array.from({ length: 250 }, (_, index) => aPost(index)) as never);
    expect(await posts.countDocuments({})).toBe(250);
    const sorted = await posts.find({}).sort({ _id: 1 }).limit(2).toArray();
    expect(sorted.map(({ _id }) => _id)).toEqual(['post0', 'post1']);
    const seen: string[] = [];
    for await (const { _id } of posts.find({}, { batchSize: 40 })) seen.push(_id);
    expect(new Set(seen).size).toBe(250);
    for await (const { _id } of posts.find({}, { batchSize: 40 })) {
      if (_id === 'post7') break;
    }
    const grouped = await posts.aggregate([{ $match: { authorId: 'author' } }, { $count: 'n' }]).toArray();
    expect(grouped).toEqual([{ n: 250 }]);
    await expect(posts.insertOne(aPost(0) as never)).rejects.toMatchObject({ code: 11_000 });
  });

  it('the outage of one opens only its breaker', async () => {
    const { mongodb } = connections;
    const [others, replies] = mongodb.deployments;
    expect(mongodb.deployments.map(({ name }) => name)).toEqual([
      'mongodb-posts+social+identity',
      'mongodb-replies',
    ]);
    proxy.break();
    // A port method that uses both deployments, as most do.
    const both = () =>
      mongodb.call(async () => {
        await mongodb.collections.posts.findOne({ _id: 'post1' });
        return mongodb.collections.replies.findOne({ _id: 'none' });
      });
    await expect
      .poll(async () => {
        await Promise.all(Array.from({ length: 60 }, () => expect(both()).rejects.toThrow(Unavailable)));
        return replies?.isOpen;
      })
      .toBe(true);
    expect(others?.isOpen).toBe(false);
    const started = performance.now();
    await expect(both()).rejects.toMatchObject({ dependency: 'mongodb-replies' });
    expect(performance.now() - started).toBeLessThan(1_000);
    expect(await mongodb.collections.posts.findOne({ _id: 'post1' })).toMatchObject({ _id: 'post1' });
    expect(await replies?.status()).toMatchObject({ state: 'open', primary: true });
    expect((await replies?.status())?.degraded).toContain('Replies');
    proxy.mend();
    await expect.poll(both).toBe(null);
    await expect.poll(() => replies?.isOpen).toBe(false);
  });
});
