import { openSociety, type Society } from '@twite/conformance/scenarios';
import type { Deps } from '@twite/core/engine';
import { type DistributedEngine, openDistributedEngine } from '@twite/engine-distributed';
import {
  hasServices,
  type RedisServer,
  startRedis,
  testNamespaces,
  testUrls,
} from '@twite/engine-distributed/testing';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { ownConsumers } from '../main/run-worker.ts';
import { startWorkers } from '../start-workers.ts';

const fanCount = 10;

/** Workers that report the number of their pushes. */
const telling =
  (pushed: (count: number) => Promise<void>) =>
  (deps: Deps): Promise<AsyncDisposable> => {
    const { timelines } = deps;
    let count = 0;
    const push: typeof timelines.push = async (postId, accountIds) => {
      const reached = await timelines.push(postId, accountIds);
      await pushed(++count);
      return reached;
    };
    const told = new Proxy(timelines, {
      get: (target, name) => {
        const value: unknown = name === 'push' ? push : Reflect.get(target, name);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
    return startWorkers({ ...deps, timelines: told });
  };

describe.runIf(hasServices)('when Redis loses its data', () => {
  const namespaces = testNamespaces();
  afterAll(() => namespaces.erase(), 120_000);

  /** An account whose followers all have warm timelines, on a Redis that belongs to the test. */
  async function open(redis: RedisServer, pushed: (count: number) => Promise<void> = async () => {}) {
    const engines: DistributedEngine[] = [];
    const society = await openSociety(
      {
        name: 'workers',
        async open({ settings }) {
          const engine = await openDistributedEngine({
            urls: { ...testUrls(), redis: redis.url },
            namespace: namespaces.add(),
            settings,
            relay: true,
            consumers: ownConsumers,
          });
          engines.push(engine);
          return engine;
        },
      },
      telling((count) => pushed(count)),
      { fanOutChunkSize: 2 },
    );
    const ann = await society.join('ann');
    const fans = [];
    for (let index = 0; index < fanCount; index++) fans.push(await society.join(`fan${index}`));
    for (const fan of fans) await fan.follow(ann);
    await society.settled();
    const readers = [ann, ...fans];
    for (const reader of readers) expect(await reader.home()).toEqual([]);
    const windows = (timelines: Society['deps']['timelines']) =>
      Promise.all(
        readers.map(async ({ accountId }) => (await timelines.read(accountId, { limit: 100 }))?.postIds),
      );
    return {
      society,
      ann,
      readers,
      windows: () => windows(society.deps.timelines),
      async expectNothingLost() {
        for (const { what, differences } of (await engines[0]?.derived.verify()) ?? []) {
          expect([what, differences]).toEqual([what, 0]);
        }
      },
      [Symbol.asyncDispose]: () => society[Symbol.asyncDispose](),
    };
  }

  it('a restart makes every timeline cold, and no incomplete timeline is read', async () => {
    // Lists survive, as in production; the last of them may not.
    await using redis = await startRedis('--appendonly', 'yes', '--appendfsync', 'always');
    await using test = await open(redis);
    const { society, ann, readers } = test;
    const posts = [(await ann.post('One')).postId, (await ann.post('Two')).postId];
    await society.settled();
    const all = () => readers.map(() => posts.toReversed());
    expect(await test.windows()).toEqual(all());

    await redis.signal('SIGKILL');
    posts.push((await ann.post('While it is away')).postId);
    for (const reader of readers) expect(await reader.home()).toEqual(posts.toReversed());
    await redis.start();
    const cold = readers.map(() => undefined);
    expect(await vi.waitFor(() => test.windows(), { timeout: 20_000 })).toEqual(cold);
    await society.settled();
    // A fan-out warms nothing: its targets may have missed more.
    expect(await test.windows()).toEqual(cold);
    for (const reader of readers) expect(await reader.home()).toEqual(posts.toReversed());
    expect(await test.windows()).toEqual(all());
    posts.push((await ann.post('And on')).postId);
    await society.settled();
    expect(await test.windows()).toEqual(all());
    await test.expectNothingLost();
  });

  it('a flush during fan-out loses nothing, at any push', async () => {
    await using redis = await startRedis();
    let flushAt = Number.POSITIVE_INFINITY;
    let made = 0;
    await using test = await open(redis, async (count) => {
      made = count;
      if (count === flushAt) await redis.flush();
    });
    const { society, ann, readers } = test;
    const posts: string[] = [];
    // Five chunks, the first with the author, and a last empty one; two posts of them at once.
    for (let pushes = 1; pushes <= 12; pushes++) {
      flushAt = made + pushes;
      const some = await Promise.all([ann.post('One'), ann.post('Another')]);
      posts.push(...some.map(({ postId }) => postId));
      const [reader] = readers.slice(pushes % readers.length);
      await reader?.home();
      await society.settled();
      expect(made).toBeGreaterThanOrEqual(flushAt);
      const expected = posts.toSorted().reverse();
      for (const window of await test.windows()) if (window !== undefined) expect(window).toEqual(expected);
      for (const each of readers) expect(await each.home()).toEqual(expected);
    }
    await test.expectNothingLost();
  });
});
