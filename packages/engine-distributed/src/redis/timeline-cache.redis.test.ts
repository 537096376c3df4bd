import { runSuites } from '@twite/conformance/suites';
import { createIdGenerator } from '@twite/core/ids/ids';
import type { TimelineCache } from '@twite/core/timelines/timeline-cache';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectRedis, type RedisConnection } from './connection.ts';
import { timelineKey } from './keys.ts';
import { aNamespace, removeNamespace, stubEngine, testRedisUrl } from './testing/redis-engine.ts';
import { RedisTimelineCache } from './timeline-cache.ts';

const page = { limit: 1_000 };
const log = () => {};

describe.runIf(testRedisUrl !== undefined)('timelines in Redis', () => {
  const url = testRedisUrl as string;

  runSuites(
    {
      name: 'timelines in Redis',
      propertyRuns: 300,
      async open({ settings: { timelineLength } }) {
        const namespace = aNamespace();
        const connection = await connectRedis(url, { name: namespace, log, deadlineMs: 5_000 });
        const timelines = new RedisTimelineCache(connection, { namespace, timelineLength });
        return stubEngine({ timelines }, async () => {
          await removeNamespace(connection, namespace);
          await connection[Symbol.asyncDispose]();
        });
      },
    },
    ['timelines'],
  );

  describe('with a window of 800', () => {
    const namespace = aNamespace();
    let connection: RedisConnection;
    let timelines: RedisTimelineCache;
    let now = Date.parse('2026-01-01T00:00:00Z');
    const ids = createIdGenerator({ clock: { now: () => now++ }, machine: 1 });
    const someIds = (count: number) => Array.from({ length: count }, () => ids.next());

    beforeAll(async () => {
      connection = await connectRedis(url, { name: namespace, log, deadlineMs: 5_000 });
      timelines = new RedisTimelineCache(connection, { namespace, timelineLength: 800 });
    });
    afterAll(async () => {
      await removeNamespace(connection, namespace);
      await connection[Symbol.asyncDispose]();
    });

    async function ready(cache: TimelineCache, newestFirst: readonly string[] = [], complete = true) {
      const accountId = ids.next();
      await cache.completeRebuild(await cache.beginRebuild(accountId), newestFirst, complete);
      return accountId;
    }
    const key = (accountId: string) => timelineKey(namespace, accountId);

    it('an id takes at most 14 bytes, rebuilt or pushed', async () => {
      const rebuilt = await ready(timelines, someIds(800).reverse());
      const pushed = await ready(timelines);
      for (const id of someIds(865)) await timelines.push(id, [pushed]);
      expect(await connection.client.llen(key(pushed))).toBe(801);
      for (const accountId of [rebuilt, pushed]) {
        const bytes = Number(await connection.client.memory('USAGE', key(accountId), 'SAMPLES', 0));
        expect(bytes / 800).toBeLessThanOrEqual(14);
      }
    });

    it('a long window stays exact while it is trimmed occasionally', async () => {
      const accountId = await ready(timelines);
      const pushed = someIds(2_000);
      for (const [index, id] of pushed.entries()) {
        await timelines.push(id, [accountId]);
        if (index % 97 !== 0) continue;
        const newest = pushed.slice(Math.max(0, index - 799), index + 1).reverse();
        expect(await timelines.read(accountId, page)).toEqual({ postIds: newest, complete: index < 800 });
        const before = newest[newest.length >> 1] as string;
        expect((await timelines.read(accountId, { before, limit: 20 }))?.postIds).toEqual(
          newest.slice((newest.length >> 1) + 1).slice(0, 20),
        );
      }
    });

    it('a timeline that was full before a crash is cold after it, despite later pushes', async () => {
      const [older = '', newer = ''] = someIds(2);
      const accountId = await ready(timelines, [older]);
      const afterRestart: RedisConnection = { ...connection, epoch: () => 'another1' };
      const later = new RedisTimelineCache(afterRestart, { namespace, timelineLength: 800 });
      expect(await later.read(accountId, page)).toBeUndefined();
      expect(await later.push(newer, [accountId])).toBe(0);
      const ticket = await later.beginRebuild(accountId);
      expect(await later.push(newer, [accountId])).toBe(1);
      expect(await later.completeRebuild(ticket, [older], true)).toBe(true);
      expect(await later.read(accountId, page)).toEqual({ postIds: [newer, older], complete: true });
      expect(await timelines.read(accountId, page)).toBeUndefined();
    });

    it('rebuilding a ready timeline keeps it readable, and merges the result', async () => {
      const [a = '', b = '', c = '', d = ''] = someIds(4);
      const accountId = await ready(timelines, [c]);
      const ticket = await timelines.beginRebuild(accountId);
      await timelines.push(d, [accountId]);
      expect((await timelines.read(accountId, page))?.postIds).toEqual([d, c]);
      expect(await timelines.completeRebuild(ticket, [b, a], false)).toBe(true);
      expect(await timelines.read(accountId, page)).toEqual({ postIds: [d, c, b, a], complete: false });
      expect(await timelines.completeRebuild(ticket, [], true)).toBe(true);
      expect(await timelines.read(accountId, page)).toEqual({ postIds: [d, c, b, a], complete: false });
      await timelines.drop([accountId]);
      expect(await timelines.completeRebuild(ticket, [a], true)).toBe(false);
    });

    it('an unfinished rebuild expires, and a ready timeline is kept for a month', async () => {
      const accountId = ids.next();
      const ticket = await timelines.beginRebuild(accountId);
      const left = await connection.client.pttl(key(accountId));
      expect(left).toBeGreaterThan(50_000);
      expect(left).toBeLessThanOrEqual(60_000);
      await timelines.completeRebuild(ticket, [], true);
      expect(await connection.client.ttl(key(accountId))).toBeGreaterThan(29 * 86_400);
      await connection.client.expire(key(accountId), 10);
      await timelines.read(accountId, page);
      await timelines.read(accountId, page);
      expect(await connection.client.ttl(key(accountId))).toBeGreaterThan(29 * 86_400);
    });

    it('a flush of Redis makes all timelines cold, and pushes do not make them look complete', async () => {
      const accountId = await ready(timelines, someIds(3).reverse());
      await removeNamespace(connection, namespace);
      expect(await timelines.push(ids.next(), [accountId])).toBe(0);
      expect(await timelines.read(accountId, page)).toBeUndefined();
    });
  });
});
