import { cachedStores } from '@twite/core/caching/cached-stores';
import { createCaches, listenerOf } from '@twite/core/caching/caches';
import { createNaiveStores, noData } from '@twite/core/caching/testing/naive-stores';
import { anAccount } from '@twite/core/caching/testing/records';
import { defaultSettings } from '@twite/core/engine';
import { createIdGenerator } from '@twite/core/ids/ids';
import type { JobQueue } from '@twite/core/jobs/job-queue';
import { mediaUrlFrom } from '@twite/core/media/present-media';
import type { NewPost } from '@twite/core/posts/post-store';
import { getHomeTimeline } from '@twite/core/timelines/get-home-timeline';
import { createTimelineRebuilds } from '@twite/core/timelines/timeline-rebuilds';
import type { Command } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openCacheBus } from './cache-bus.ts';
import { connectRedis, type RedisConnection } from './connection.ts';
import { RedisPostCache } from './post-cache.ts';
import { sharedPostStore } from './shared-post-store.ts';
import { aNamespace, removeNamespace, testRedisUrl } from './testing/redis-engine.ts';
import { RedisTimelineCache } from './timeline-cache.ts';

const log = () => {};

describe.runIf(testRedisUrl !== undefined)('a home timeline through the caches', () => {
  const url = testRedisUrl as string;
  const namespace = aNamespace();
  let connection: RedisConnection;
  let clock = Date.parse('2026-01-01T00:00:00Z');
  const ids = createIdGenerator({ clock: { now: () => clock++ }, machine: 1 });
  const [viewer = '', friend = '', star = ''] = [ids.next(), ids.next(), ids.next()];
  const data = noData();

  /** Reads do their own rebuilds here: there is room for one at a time. */
  const refuseJobs: JobQueue = {
    enqueue: () => Promise.reject(new Error('a job was enqueued')),
    consume: () => Promise.reject(new Error('a job was consumed')),
  };
  beforeAll(async () => {
    connection = await connectRedis(url, { name: namespace, log, deadlineMs: 5_000 });
    for (const accountId of [viewer, friend, star]) {
      data.accounts.set(accountId, anAccount(accountId, { popular: accountId === star }));
    }
    data.follows.set(`${viewer} ${friend}`, true);
    data.follows.set(`${viewer} ${star}`, true);
    for (let n = 0; n < 60; n += 1) {
      const postId = ids.next();
      data.posts.set(postId, {
        postId,
        authorId: n % 3 === 0 ? star : friend,
        text: `${n}`,
        entities: { mentions: [], hashtags: [], urls: [] },
        visibility: 'public',
        media: [],
        createdAt: clock,
      } satisfies NewPost);
    }
  });
  afterAll(async () => {
    await removeNamespace(connection, namespace);
    await connection[Symbol.asyncDispose]();
  });

  /** One process: its stores, and the requests it made to Redis and the stores since `reset`. */
  async function aProcess() {
    const asked = { redis: [] as string[], stores: [] as string[] };
    const mine = await connectRedis(url, { name: `${namespace}-process`, log, deadlineMs: 5_000 });
    const send = mine.client.sendCommand.bind(mine.client) as (command: Command) => unknown;
    Object.assign(mine.client, {
      sendCommand(command: Command) {
        asked.redis.push(command.name);
        return send(command);
      },
    });
    const shared = new RedisPostCache(mine, { namespace });
    const invalidate = shared.invalidate.bind(shared);
    let beforeForget: (() => Promise<unknown>) | undefined;
    shared.invalidate = async (invalidations) => {
      if (beforeForget !== undefined) await beforeForget();
      return invalidate(invalidations);
    };
    const bus = await openCacheBus({ url, connection: mine, namespace, log, shared });
    const inner = createNaiveStores(data, bus, (where, method) => {
      if (where === 'before') asked.stores.push(method);
    });
    const caches = createCaches({ bytesMax: 1_000_000, isShared: true });
    bus.listen(listenerOf(caches));
    const posts = sharedPostStore(inner.posts, shared);
    const stores = cachedStores({ ...inner, posts }, caches, bus);
    const timelines = new RedisTimelineCache(mine, { namespace, timelineLength: 800 });
    const deps = {
      ...stores,
      timelines,
      timelineRebuilds: createTimelineRebuilds(),
      jobs: refuseJobs,
      settings: defaultSettings,
      mediaUrl: mediaUrlFrom('http://media'),
    };
    return {
      asked,
      stores,
      timelines,
      /** Runs an action once, after this process has invalidated its caches and before Redis has. */
      onceBeforeForget(act: () => Promise<unknown>) {
        beforeForget = () => {
          beforeForget = undefined;
          return act();
        };
      },
      home: (limit = 20) => getHomeTimeline(deps, viewer, { limit }),
      reset() {
        asked.redis = [];
        asked.stores = [];
      },
      async [Symbol.asyncDispose]() {
        await bus[Symbol.asyncDispose]();
        await mine[Symbol.asyncDispose]();
      },
    };
  }

  it('once warm, asks Redis once and the stores nothing', async () => {
    await using one = await aProcess();
    const cold = await one.home();
    expect(cold.items).toHaveLength(20);
    one.reset();
    expect(await one.home()).toEqual(cold);
    expect(one.asked).toEqual({ redis: ['evalsha'], stores: [] });
  });

  it('also when some of its posts were deleted, muted or liked since', async () => {
    await using one = await aProcess();
    const [first, second, third] = (await one.home()).items;
    await one.stores.posts.delete(first?.postId ?? '');
    await one.stores.likes.add({
      likeId: 'l',
      accountId: viewer,
      kind: 'post',
      subjectId: third?.postId ?? '',
    });
    const changed = await one.home();
    expect(changed.items[0]?.postId).toBe(second?.postId);
    expect(changed.items[1]).toMatchObject({ postId: third?.postId, liked: true, likeCount: 1 });
    await one.home();
    one.reset();
    expect(await one.home()).toEqual(changed);
    // The first slice of the timeline has spare rows for gaps.
    expect(one.asked).toEqual({ redis: ['evalsha'], stores: [] });
  });

  it('the posts that processes share are forgotten before the others are told', async () => {
    await using one = await aProcess();
    const [first] = (await one.home()).items;
    one.reset();
    await one.stores.likes.add({
      likeId: 'l',
      accountId: friend,
      kind: 'post',
      subjectId: first?.postId ?? '',
    });
    expect(one.asked.redis).toEqual(['unlink', 'publish']);
  });

  it('a post that is read while it is being forgotten is not kept as it was', async () => {
    await using one = await aProcess();
    const [first] = (await one.home()).items;
    const postId = first?.postId ?? '';
    await expect.poll(() => connection.client.keys(`${namespace}:p:*:${postId}`)).toHaveLength(1);
    one.onceBeforeForget(() => one.stores.posts.findMany([postId]));
    await one.stores.posts.delete(postId);
    expect((await one.stores.posts.findMany([postId])).size).toBe(0);
  });

  it('nor by the process that could tell Redis only later', async () => {
    await using one = await aProcess();
    const [first] = (await one.home()).items;
    const postId = first?.postId ?? '';
    await expect.poll(() => connection.client.keys(`${namespace}:p:*:${postId}`)).toHaveLength(1);
    one.onceBeforeForget(() => Promise.reject(new Error('Command timed out')));
    await one.stores.posts.delete(postId);
    await one.stores.posts.findMany([postId]);
    await expect.poll(async () => (await one.stores.posts.findMany([postId])).size).toBe(0);
  });

  it('another process finds the posts in Redis, and hears of every change', async () => {
    await using one = await aProcess();
    await using other = await aProcess();
    const page = await one.home();
    await expect
      .poll(() => connection.client.keys(`${namespace}:p:*`).then((keys) => keys.length))
      .toBeGreaterThan(20);
    other.reset();
    expect(await other.home()).toEqual(page);
    expect(other.asked.stores).not.toContain('findMany posts');
    await one.stores.blocks.add('b', star, viewer);
    await expect
      .poll(async () => (await other.home()).items.filter(({ author }) => author.accountId === star))
      .toEqual([]);
    expect((await one.home()).items.every(({ author }) => author.accountId === friend)).toBe(true);
  });
});
