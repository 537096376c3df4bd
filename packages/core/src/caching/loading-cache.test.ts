import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { Unavailable } from '../unavailable.ts';
import { LoadingCache } from './loading-cache.ts';

interface Version {
  readonly version: number;
}
const keys = ['a', 'b', 'c'];
const key = fc.constantFrom('a', 'a', 'b', 'c');

type Cache = ReturnType<typeof openCache>;

function openCache(options: { keepsAbsent?: boolean; keptMs?: number; staleMs?: number } = {}) {
  const cache = new LoadingCache<Version>({
    bytesMax: 100_000,
    sizeOf: () => 8,
    hasTag: (id, of, { version }) => id === of || id === String(version),
    ...options,
  });
  cache.resume();
  return cache;
}

const aTurn = () => new Promise((resolve) => setImmediate(resolve));

describe('a loading cache', () => {
  it('asks again after a while where nobody might tell of a change', async () => {
    vi.useFakeTimers();
    vi.advanceTimersByTime(1);
    try {
      let version = 0;
      const read = async () => ({ version: ++version });
      const [forAMinute, forGood] = [{ keptMs: 60_000 }, {}].map(openCache) as [Cache, Cache];
      for (const cache of [forAMinute, forGood]) await cache.load('a', read);
      vi.advanceTimersByTime(59_999);
      expect([forAMinute.get('a'), forGood.get('a')]).toEqual([{ version: 1 }, { version: 2 }]);
      vi.advanceTimersByTime(2);
      expect([forAMinute.get('a'), forGood.get('a')]).toEqual([undefined, { version: 2 }]);
      await forAMinute.load('a', read);
      expect(forAMinute.get('a')).toEqual({ version: 3 });
    } finally {
      vi.useRealTimers();
    }
  });

  it('answers with an older value while the source is unavailable, for a while', async () => {
    vi.useFakeTimers();
    vi.advanceTimersByTime(1);
    try {
      const cache = openCache({ keptMs: 60_000, staleMs: 600_000 });
      await cache.load('a', async () => ({ version: 1 }));
      const isAway = () => cache.load('a', () => Promise.reject(new Unavailable('mongodb')));
      vi.advanceTimersByTime(61_000);
      expect(cache.get('a')).toBe(undefined);
      expect(await isAway()).toEqual({ version: 1 });
      await expect(cache.load('a', () => Promise.reject(new TypeError('ours')))).rejects.toThrow(TypeError);
      await expect(cache.load('b', () => Promise.reject(new Unavailable('mongodb')))).rejects.toThrow(
        Unavailable,
      );
      // Invalidated values are not served, even if a load is in progress.
      const late = isAway();
      cache.invalidate('a');
      await expect(late).rejects.toThrow(Unavailable);
      await expect(isAway()).rejects.toThrow(Unavailable);
      await cache.load('a', async () => ({ version: 2 }));
      vi.advanceTimersByTime(660_001);
      await expect(isAway()).rejects.toThrow(Unavailable);
    } finally {
      vi.useRealTimers();
    }
  });

  it('what it gives is never older than what was written before it was asked, however loads and invalidations interleave', async () => {
    const step = fc.oneof(
      { weight: 4, arbitrary: fc.record({ do: fc.constant('one' as const), key }) },
      {
        weight: 4,
        arbitrary: fc.record({ do: fc.constant('many' as const), keys: fc.subarray(keys, { minLength: 1 }) }),
      },
      { weight: 3, arbitrary: fc.record({ do: fc.constant('write' as const), key }) },
      { weight: 1, arbitrary: fc.record({ do: fc.constant('writeAll' as const) }) },
      { weight: 2, arbitrary: fc.record({ do: fc.constant('deaf' as const) }) },
    );
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(step, { minLength: 10, maxLength: 40 }),
        async (scheduler, steps) => {
          const cache = openCache();
          const stored = new Map(
            keys.map((each): [string, Version] => [each, Object.freeze({ version: 0 })]),
          );
          /** The oldest versions that later readers may see. */
          const written = new Map(keys.map((each) => [each, 0]));
          const read = async (wanted: readonly string[]) => {
            await scheduler.schedule(Promise.resolve(), 'before the store reads');
            const found = new Map(wanted.map((each) => [each, stored.get(each) as Version]));
            await scheduler.schedule(Promise.resolve(), 'before its answer comes');
            return found;
          };
          const write = (of: string) => {
            const version = (stored.get(of)?.version ?? 0) + 1;
            stored.set(of, Object.freeze({ version }));
            return version;
          };
          const expectFresh = (found: Version | null | undefined, least: number, of: string) => {
            expect(found?.version).toBeGreaterThanOrEqual(least);
            expect(found?.version).toBeLessThanOrEqual(stored.get(of)?.version ?? 0);
          };
          let isDeaf = false;
          const act = async (taken: (typeof steps)[number]) => {
            switch (taken.do) {
              case 'one': {
                const least = written.get(taken.key) as number;
                const loadOne = async () => (await read([taken.key])).get(taken.key);
                expectFresh(cache.get(taken.key) ?? (await cache.load(taken.key, loadOne)), least, taken.key);
                return;
              }
              case 'many': {
                const least = taken.keys.map((each) => written.get(each) as number);
                const missing = taken.keys.filter((each) => cache.get(each) === undefined);
                const kept = new Map(taken.keys.map((each) => [each, cache.get(each)]));
                const found = await cache.loadMany(missing, read);
                for (const [index, each] of taken.keys.entries()) {
                  expectFresh(kept.get(each) ?? found.get(each), least[index] as number, each);
                }
                return;
              }
              case 'write': {
                const version = write(taken.key);
                await scheduler.schedule(Promise.resolve(), 'before the invalidation');
                if (!isDeaf) cache.invalidate(taken.key);
                written.set(taken.key, Math.max(version, written.get(taken.key) as number));
                return;
              }
              case 'writeAll': {
                const versions = keys.map(write);
                if (!isDeaf) cache.clear();
                for (const [index, each] of keys.entries()) {
                  written.set(each, Math.max(versions[index] as number, written.get(each) as number));
                }
                return;
              }
              case 'deaf':
                isDeaf = !isDeaf;
                if (isDeaf) cache.suspend();
                else cache.resume();
            }
          };
          let acting = 0;
          const whole = steps.map(async (taken) => {
            await scheduler.schedule(Promise.resolve(), 'begin');
            acting += 1;
            await act(taken).finally(() => {
              acting -= 1;
            });
          });
          for (let turn = 0; scheduler.count() > 0 || acting > 0; turn += 1) {
            if (turn % 3 > 0 && scheduler.count() > 0) await scheduler.waitOne();
            else await aTurn();
          }
          await Promise.all(whole);
          for (const each of keys) {
            const kept = cache.get(each);
            if (kept) expect(kept).toBe(stored.get(each));
          }
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('asks once for what many want at once', async () => {
    const cache = openCache();
    const asked: string[][] = [];
    const read = async (wanted: readonly string[]) => {
      asked.push([...wanted]);
      return new Map(wanted.map((each) => [each, { version: 1 }]));
    };
    const found = await Promise.all([cache.loadMany(['a', 'b'], read), cache.loadMany(['b', 'c'], read)]);
    expect(asked).toEqual([['a', 'b', 'c']]);
    expect(found[0]?.get('b')).toBe(found[1]?.get('b'));
    expect(cache.get('c')).toBe(found[1]?.get('c'));
    const ones = await Promise.all([1, 2].map(() => cache.load('d', async () => ({ version: 2 }))));
    expect(ones[0]).toBe(ones[1]);
  });

  it('a failed load is told to all who waited, and nobody waits for it again', async () => {
    const cache = openCache();
    const fails = () => Promise.reject(new Error('away'));
    const waiting = [cache.load('a', fails), cache.load('a', fails)];
    for (const each of await Promise.allSettled(waiting)) expect(each.status).toBe('rejected');
    expect(await cache.load('a', async () => ({ version: 1 }))).toEqual({ version: 1 });
    await expect(cache.loadMany(['b'], fails)).rejects.toThrow('away');
    expect((await cache.loadMany(['b'], async () => new Map([['b', { version: 1 }]]))).get('b')).toEqual({
      version: 1,
    });
  });

  it('keeps in mind what is not there, where that is worth it, until it is invalidated', async () => {
    const cache = openCache({ keepsAbsent: true });
    await cache.loadMany(['a'], async () => new Map());
    expect(cache.get('a')).toBeNull();
    cache.invalidate('a');
    expect(cache.get('a')).toBeUndefined();
    const forgetful = openCache();
    await forgetful.loadMany(['a'], async () => new Map());
    expect(forgetful.get('a')).toBeUndefined();
  });

  it('invalidates what has a tag, and what is being loaded', async () => {
    const cache = openCache();
    for (const [index, each] of keys.entries()) await cache.load(each, async () => ({ version: index }));
    const { promise, resolve } = Promise.withResolvers<Version>();
    const loading = cache.load('d', () => promise);
    cache.invalidateTag('1');
    resolve({ version: 7 });
    await loading;
    expect([...keys, 'd'].map((each) => cache.get(each)?.version)).toEqual([0, undefined, 2, undefined]);
  });
});
