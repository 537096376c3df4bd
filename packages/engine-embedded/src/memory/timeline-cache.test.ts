import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { MemoryTimelineCache } from './timeline-cache.ts';

const LENGTH = 5;
const idOf = (n: number) => String(n).padStart(19, '0');

/** A timeline in the simplest implementation. */
class NaiveTimeline {
  window: { ids: number[]; complete: boolean } | undefined;
  rebuilds = new Map<string, true>();
  pushed: number[] = [];

  static cut(ids: Iterable<number>, complete: boolean) {
    const newestFirst = [...new Set(ids)].sort((a, b) => b - a);
    return { ids: newestFirst.slice(0, LENGTH), complete: complete && newestFirst.length <= LENGTH };
  }

  static add(window: { ids: number[]; complete: boolean }, id: number) {
    const oldest = window.ids.at(-1);
    if (!window.complete && oldest !== undefined && id < oldest) return window;
    return NaiveTimeline.cut([...window.ids, id], window.complete);
  }

  push(id: number): boolean {
    if (this.window !== undefined) this.window = NaiveTimeline.add(this.window, id);
    if (this.rebuilds.size > 0) this.pushed.push(id);
    return this.window !== undefined || this.rebuilds.size > 0;
  }

  complete(nonce: string, ids: readonly number[], complete: boolean): boolean {
    if (!this.rebuilds.has(nonce)) return false;
    this.window = this.pushed.reduce(NaiveTimeline.add, NaiveTimeline.cut(ids, complete));
    this.rebuilds.clear();
    this.pushed = [];
    return true;
  }

  drop() {
    this.window = undefined;
    this.rebuilds.clear();
    this.pushed = [];
  }
}

const id = fc.integer({ min: 1, max: 30 });
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('push' as const), id }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('begin' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('complete' as const),
      which: fc.nat(3),
      ids: fc.uniqueArray(id, { maxLength: 9 }),
      complete: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('drop' as const) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('read' as const),
      before: fc.option(id, { nil: undefined }),
      limit: fc.integer({ min: 1, max: 8 }),
    }),
  },
);

it('a timeline equals a naive model under any operations', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      const cache = new MemoryTimelineCache(LENGTH);
      const naive = new NaiveTimeline();
      const tickets: { accountId: string; nonce: string }[] = [];
      for (const taken of steps) {
        if (taken.do === 'push') {
          const reached = await cache.push(idOf(taken.id), ['someone', 'a stranger']);
          expect(reached).toBe(naive.push(taken.id) ? 1 : 0);
        } else if (taken.do === 'begin') {
          const ticket = await cache.beginRebuild('someone');
          tickets.unshift(ticket);
          naive.rebuilds.set(ticket.nonce, true);
        } else if (taken.do === 'complete') {
          const ticket = tickets[taken.which];
          if (ticket === undefined) continue;
          const ids = taken.ids.toSorted((a, b) => b - a);
          // An incomplete one was cut at its length, and is therefore not empty.
          const complete = taken.complete || ids.length === 0;
          const completed = await cache.completeRebuild(ticket, ids.map(idOf), complete);
          expect(completed).toBe(naive.complete(ticket.nonce, ids, complete));
        } else if (taken.do === 'drop') {
          await cache.drop(['someone']);
          naive.drop();
        } else {
          const { before, limit } = taken;
          const slice = await cache.read('someone', {
            before: before === undefined ? undefined : idOf(before),
            limit,
          });
          const expected = naive.window && {
            postIds: naive.window.ids
              .filter((postId) => before === undefined || postId < before)
              .slice(0, limit)
              .map(idOf),
            complete: naive.window.complete,
          };
          expect(slice).toEqual(expected);
        }
      }
    }),
    { numRuns: 1_000 },
  );
});

it('a long window stays exact while it moves through its buffer', async () => {
  const cache = new MemoryTimelineCache(800);
  await cache.completeRebuild(await cache.beginRebuild('someone'), [], true);
  for (let n = 1; n <= 3_000; n += 1) await cache.push(idOf(n), ['someone']);
  const slice = await cache.read('someone', { limit: 1_000 });
  expect(slice?.complete).toBe(false);
  expect(slice?.postIds).toEqual(Array.from({ length: 800 }, (_, index) => idOf(3_000 - index)));
});

it('the least recently read timelines are evicted first', async () => {
  const cache = new MemoryTimelineCache(LENGTH, 3);
  const warm = async (accountId: string) =>
    cache.completeRebuild(await cache.beginRebuild(accountId), [idOf(1)], true);
  for (const accountId of ['a', 'b', 'c']) await warm(accountId);
  await cache.read('a', { limit: 1 });
  await cache.push(idOf(2), ['b']);
  await warm('d');
  expect(await cache.read('b', { limit: 5 })).toBeUndefined();
  expect(await cache.push(idOf(3), ['a', 'b', 'c', 'd'])).toBe(3);
});
