import { createIdGenerator } from '@twite/core/ids/ids';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createDependency } from '../dependency.ts';
import { connectRedis, isRedisUnavailable, type RedisConnection, redisDeadlineMs } from './connection.ts';
import { MendedTimelineCache } from './mended-timeline-cache.ts';
import { aNamespace, testRedisUrl } from './testing/redis-engine.ts';
import { type RedisServer, startRedis } from './testing/redis-server.ts';
import { RedisTimelineCache } from './timeline-cache.ts';

const log = () => {};
const page = { limit: 100 };

describe.runIf(testRedisUrl !== undefined)('timelines of a Redis that was paused', () => {
  const resources = new AsyncDisposableStack();
  const namespace = aNamespace();
  const ids = createIdGenerator({ clock: { now: () => Date.now() }, machine: 1 });
  let server: RedisServer;
  let timelines: MendedTimelineCache;
  /** Another process: it missed no changes. */
  let others: RedisTimelineCache;

  beforeAll(async () => {
    server = resources.use(await startRedis());
    const connect = async (name: string) => resources.use(await connectRedis(server.url, { name, log }));
    const cache = (connection: RedisConnection) =>
      new RedisTimelineCache(connection, { namespace, timelineLength: 800 });
    const connection = await connect('writer');
    const redis = createDependency({
      name: 'redis',
      degrades: '',
      deadlineMs: redisDeadlineMs,
      keepsDeadline: true,
      isUnavailable: isRedisUnavailable,
      ping: () => connection.ping(),
      log,
    });
    timelines = resources.use(new MendedTimelineCache(redis.guard(cache(connection))));
    others = cache(await connect('others'));
  });
  afterAll(() => resources.disposeAsync());

  async function ready(): Promise<string> {
    const accountId = ids.next();
    await timelines.completeRebuild(await timelines.beginRebuild(accountId), [], true);
    return accountId;
  }

  it('are cold, so that they miss no push or drop', async () => {
    const [author, follower, other] = [await ready(), await ready(), await ready()];
    await server.signal('SIGSTOP');
    // Long enough for the connection to be dropped: later commands are never sent.
    await expect
      .poll(() => timelines.push(ids.next(), [author]).catch((error) => String(error.cause)), {
        timeout: 5_000,
      })
      .toMatch(/writeable|not connected/);
    await expect(timelines.drop([follower])).rejects.toMatchObject({ dependency: 'redis' });
    await expect(timelines.read(author, page)).rejects.toMatchObject({ dependency: 'redis' });
    await server.signal('SIGCONT');
    await vi.waitFor(async () => expect(await timelines.read(other, page)).toBeDefined(), { timeout: 8_000 });
    expect(await timelines.read(author, page)).toBeUndefined();
    await vi.waitFor(async () => expect(await others.read(follower, page)).toBeUndefined(), {
      timeout: 8_000,
    });
  });

  it('are readable again after a rebuild', async () => {
    const author = await ready();
    const postId = ids.next();
    await timelines.push(postId, [author]);
    expect((await timelines.read(author, page))?.postIds).toEqual([postId]);
  });
});
