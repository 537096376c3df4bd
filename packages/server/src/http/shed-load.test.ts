import type { Priority } from '@twite/contract';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createLoadShedder, type ShedConfig } from './shed-load.ts';

/** An event loop whose time and turns the test controls. */
function makeLoop() {
  let now = 1_000;
  let idle = 0;
  const afterTurn: (() => void)[] = [];
  return {
    clock: { now: () => now, idle: () => idle, afterTurn: (call: () => void) => void afterTurn.push(call) },
    work(ms: number) {
      now += ms;
    },
    rest(ms: number) {
      now += ms;
      idle += ms;
    },
    endTurn() {
      for (const call of afterTurn.splice(0)) call();
    },
    get isWatched() {
      return afterTurn.length > 0;
    },
  };
}

function shedder(config: Partial<ShedConfig> = {}) {
  const loop = makeLoop();
  const made = createLoadShedder({ delayMs: 50, workMax: null, ...config }, loop.clock);
  return {
    ...made,
    loop,
    /** The priorities that would be rejected now. */
    refused(): Priority[] {
      if (!made.arrive()) return [];
      return (['low', 'normal', 'high'] as const).filter((priority) => made.isTooMuch(priority));
    },
    /** Runs consecutive turns of this length for a second. */
    overload(turnMs: number) {
      for (let ms = 0; ms < 1_000; ms += turnMs) {
        made.arrive();
        loop.work(turnMs);
        loop.endTurn();
      }
    },
  };
}

test('nothing is refused while turns are short, for any number of requests', () => {
  const { loop, refused, overload } = shedder();
  overload(9);
  for (let index = 0; index < 1_000; index++) {
    expect(refused()).toEqual([]);
    loop.work(0.009);
  }
});

test('in an overload low priorities are refused first in each turn, high ones last', () => {
  const { loop, refused, overload } = shedder();
  overload(60);
  expect(refused()).toEqual([]);
  loop.work(11);
  expect(refused()).toEqual(['low']);
  loop.work(15);
  expect(refused()).toEqual(['low', 'normal']);
  loop.work(25);
  expect(refused()).toEqual(['low', 'normal', 'high']);
  loop.endTurn();
  expect(refused()).toEqual([]);
});

test('in a burst, only requests that would wait four times as long are refused', () => {
  const { loop, refused } = shedder();
  expect(refused()).toEqual([]);
  loop.work(39);
  expect(refused()).toEqual([]);
  loop.work(2);
  expect(refused()).toEqual(['low']);
  loop.work(158);
  expect(refused()).toEqual(['low', 'normal']);
  loop.work(2);
  // It has lasted too long for a burst.
  expect(refused()).toEqual(['low', 'normal', 'high']);
});

test('the first short turn ends an overload', () => {
  const { loop, refused, overload } = shedder();
  overload(60);
  loop.rest(5);
  refused();
  loop.work(5);
  loop.endTurn();
  loop.work(30);
  expect(refused()).toEqual([]);
});

test('idle time of the event loop is not a delay', () => {
  const { loop, refused, overload } = shedder();
  overload(60);
  loop.rest(500);
  expect(refused()).toEqual([]);
});

test('requests in flight are bounded, with lower bounds for low priorities', () => {
  const { refused, beginWork, endWork } = shedder({ workMax: 10 });
  const at = (count: number) => {
    for (let index = 0; index < count; index++) beginWork();
    const told = refused();
    for (let index = 0; index < count; index++) endWork();
    return told;
  };
  expect(at(4)).toEqual([]);
  expect(at(5)).toEqual(['low']);
  expect(at(7)).toEqual(['low']);
  expect(at(8)).toEqual(['low', 'normal']);
  expect(at(10)).toEqual(['low', 'normal', 'high']);
  expect(refused()).toEqual([]);
});

test('each measure can be turned off', () => {
  const { loop, refused, overload, beginWork } = shedder({ delayMs: null });
  overload(5_000);
  for (let index = 0; index < 10_000; index++) beginWork();
  loop.work(5_000);
  expect(refused()).toEqual([]);
});

test('the event loop is not woken without requests', () => {
  const { loop, arrive } = shedder();
  arrive();
  expect(loop.isWatched).toBe(true);
  loop.rest(1_500);
  loop.endTurn();
  expect(loop.isWatched).toBe(false);
  // A long turn without requests delays nobody.
  loop.work(10_000);
  expect(arrive()).toBe(false);
  expect(loop.isWatched).toBe(true);
});

test('a higher priority is never refused when a lower one is not', () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constantFrom('work', 'rest'), ms: fc.double({ min: 0, max: 300, noNaN: true }) }),
    fc.record({ kind: fc.constantFrom('endTurn', 'begin', 'end'), ms: fc.constant(0) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const { loop, refused, beginWork, endWork } = shedder({ workMax: 8 });
      let working = 0;
      for (const { kind, ms } of steps) {
        if (kind === 'work') loop.work(ms);
        else if (kind === 'rest') loop.rest(ms);
        else if (kind === 'endTurn') loop.endTurn();
        else if (kind === 'begin') {
          working++;
          beginWork();
        } else if (working > 0) {
          working--;
          endWork();
        }
        expect([[], ['low'], ['low', 'normal'], ['low', 'normal', 'high']]).toContainEqual(refused());
      }
    }),
    { numRuns: 1_000 },
  );
});
