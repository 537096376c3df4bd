import type { PostRecord } from '@twite/core/posts/post-store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectRedis, type RedisConnection } from './connection.ts';
import { RedisPostCache } from './post-cache.ts';
import { aNamespace, removeNamespace, testRedisUrl } from './testing/redis-engine.ts';

const aPost = (postId: string, likeCount = 0): PostRecord => ({
  postId,
  authorId: 'a',
  text: 'Hello \u2028 é',
  entities: { mentions: [], hashtags: [], urls: [] },
  visibility: 'public',
  media: [],
  createdAt: 1,
  likeCount,
  replyCount: 0,
});

describe.runIf(testRedisUrl !== undefined)('posts that processes share in Redis', () => {
  const namespace = aNamespace();
  let connection: RedisConnection;
  let posts: RedisPostCache;

  beforeAll(async () => {
    connection = await connectRedis(testRedisUrl as string, {
      name: namespace,
      log: () => {},
      deadlineMs: 5_000,
    });
    posts = new RedisPostCache(connection, { namespace });
  });
  afterAll(async () => {
    await removeNamespace(connection, namespace);
    await connection[Symbol.asyncDispose]();
  });

  it('posts read by one process are found by another, frozen, and so are missing ones', async () => {
    const { found, fill } = await posts.read(['1', '2']);
    expect(found.size).toBe(0);
    await fill(['1', '2'], new Map([['1', aPost('1')]]));
    const again = await posts.read(['1', '2']);
    expect(again.found.get('1')).toEqual(aPost('1'));
    expect(again.found.get('2')).toBeNull();
    const post = again.found.get('1') as PostRecord;
    expect([post, post.entities, post.entities.urls].every(Object.isFrozen)).toBe(true);
  });

  it('a value read before a change is never stored after it', async () => {
    const late = await posts.read(['3']);
    await posts.invalidate([['posts', '3']]);
    await late.fill(['3'], new Map([['3', aPost('3')]]));
    const next = await posts.read(['3']);
    expect(next.found.size).toBe(0);
    await late.fill(['3'], new Map([['3', aPost('3')]]));
    await next.fill(['3'], new Map([['3', aPost('3', 1)]]));
    expect((await posts.read(['3'])).found.get('3')?.likeCount).toBe(1);
  });

  it('of several concurrent misses one fills, and all continue', async () => {
    const reads = await Promise.all([1, 2, 3].map(() => posts.read(['4'])));
    expect(reads.map(({ found }) => found.size)).toEqual([0, 0, 0]);
    await Promise.all(reads.map(({ fill }, n) => fill(['4'], new Map([['4', aPost('4', n)]]))));
    expect((await posts.read(['4'])).found.get('4')).toBeDefined();
  });

  it('values of an earlier run of the server are ignored', async () => {
    const { fill } = await posts.read(['5']);
    await fill(['5'], new Map([['5', aPost('5')]]));
    const later = new RedisPostCache({ ...connection, epoch: () => 'another1' }, { namespace });
    expect((await later.read(['5'])).found.size).toBe(0);
  });
});
