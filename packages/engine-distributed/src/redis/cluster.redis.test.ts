import type { PostRecord } from '@twite/core/posts/post-store';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Touch } from '../caches/touch.ts';
import { openCacheBus } from './cache-bus.ts';
import { connectRedis, type RedisConnection } from './connection.ts';
import { groupByShard } from './keys.ts';
import { RedisPostCache } from './post-cache.ts';
import { RedisRateLimiter } from './rate-limiter.ts';
import { testRedisUrl } from './testing/redis-engine.ts';
import { freePort, type RedisServer, startRedis } from './testing/redis-server.ts';
import { RedisTimelineCache } from './timeline-cache.ts';

const log = () => {};
const ids = Array.from({ length: 200 }, (_, n) =>
  String(1_855_000_000_000_000_000n + BigInt(n) * 4_194_304n),
);

it('ids are spread over all shards', () => {
  expect(groupByShard(ids)).toHaveLength(16);
});

// A node of a cluster refuses a call whose keys are in several slots: that is what is shown here.
describe.runIf(testRedisUrl !== undefined)('on a Redis Cluster', () => {
  let server: RedisServer;
  let connection: RedisConnection;

  beforeAll(async () => {
    const busPort = String(await freePort());
    server = await startRedis(
      ...['--cluster-enabled', 'yes', '--cluster-announce-ip', '127.0.0.1', '--cluster-port', busPort],
    );
    const admin = new Redis(server.url);
    await admin.cluster('ADDSLOTS', ...Array.from({ length: 16_384 }, (_, slot) => slot));
    while (!(await admin.cluster('INFO')).includes('cluster_state:ok'));
    admin.disconnect();
    connection = await connectRedis(server.url, {
      name: 'cluster-test',
      log,
      deadlineMs: 5_000,
      cluster: true,
    });
  });
  afterAll(async () => {
    await connection[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });

  it('timelines of many accounts are pushed to and dropped', async () => {
    expect(connection.isUp).toBe(true);
    const timelines = new RedisTimelineCache(connection, { namespace: 'c', timelineLength: 800 });
    for (const accountId of ids) {
      await timelines.completeRebuild(await timelines.beginRebuild(accountId), [], true);
    }
    const postId = ids[9] as string;
    expect(await timelines.push(postId, ids)).toBe(200);
    expect((await timelines.read(ids[5] as string, { limit: 5 }))?.postIds).toEqual([postId]);
    await timelines.drop(ids);
    expect(await timelines.push(postId, ids)).toBe(0);
  });

  it('a request counts against all of its limits in one call', async () => {
    const limiter = new RedisRateLimiter(connection, { namespace: 'c', log });
    const checks = ['write:account:1', 'write:address:2'].map((key) => ({
      key,
      limit: 1,
      windowSeconds: 60,
    }));
    expect((await limiter.take(checks)).map(({ allowed }) => allowed)).toEqual([true, true]);
    expect((await limiter.take(checks)).map(({ allowed }) => allowed)).toEqual([false, false]);
    expect(limiter.isDegraded).toBe(false);
  });

  it('posts are shared and forgotten', async () => {
    const posts = new RedisPostCache(connection, { namespace: 'c' });
    const first = await posts.read(ids);
    expect(first.found.size).toBe(0);
    await first.fill(
      ids,
      new Map(ids.map((postId) => [postId, { postId, media: [] as PostRecord['media'] } as PostRecord])),
    );
    expect((await posts.read(ids)).found.size).toBe(200);
    const bus = await openCacheBus({ url: server.url, connection, namespace: 'c', log, shared: posts });
    await bus.touch(ids.slice(0, 50).map((postId): Touch => ['posts', postId]));
    expect((await posts.read(ids)).found.size).toBe(150);
    await bus.touch([['posts', '*']]);
    expect((await posts.read(ids)).found.size).toBe(0);
    await bus[Symbol.asyncDispose]();
  });
});
