import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createIdGenerator, firstIdAt, idTime, isId } from './ids.ts';

const EPOCH = Date.parse('2010-11-04T01:42:54.657Z');
const LAST_MS = EPOCH + 2 ** 41 - 1;
const runs = { numRuns: 1000 };

const machines = fc.integer({ min: 0, max: 1023 });
const moments = fc.integer({ min: EPOCH, max: LAST_MS - 10_000_000 });

/** A clock that returns scripted readings, then repeats the last one. */
function scriptedClock(readings: number[]) {
  let index = 0;
  return { now: () => readings[Math.min(index++, readings.length - 1)] ?? 0 };
}

describe('createIdGenerator', () => {
  it('generates unique, rising ids of 19 digits, in text and numeric order, with any clock jumps', () => {
    const clocks = fc
      .tuple(moments, fc.array(fc.integer({ min: -5_000, max: 5_000 }), { minLength: 1, maxLength: 60 }))
      .map(([start, steps]) => {
        let now = start;
        return steps.map((step) => {
          now += step;
          return now;
        });
      });
    fc.assert(
      fc.property(clocks, machines, (readings, machine) => {
        const ids = createIdGenerator({ clock: scriptedClock(readings), machine });
        let previous = '';
        for (let i = 0; i < readings.length + 5; i++) {
          const id = ids.next();
          expect(isId(id)).toBe(true);
          if (previous !== '') {
            expect(id > previous).toBe(true);
            expect(BigInt(id) > BigInt(previous)).toBe(true);
          }
          previous = id;
        }
      }),
      runs,
    );
  });

  it('rises with arbitrary clock values, including fractions and invalid ones', () => {
    const readings = fc.oneof(
      fc.integer({ min: -(2 ** 45), max: LAST_MS - 10 }),
      fc.double({ min: 0, max: LAST_MS - 10, noNaN: false }),
      fc.constantFrom(Number.NaN, Number.NEGATIVE_INFINITY, -1, 0),
    );
    fc.assert(
      fc.property(fc.array(readings, { minLength: 1, maxLength: 40 }), machines, (script, machine) => {
        const ids = createIdGenerator({ clock: scriptedClock(script), machine });
        const made = script.map(() => ids.next());
        expect(new Set(made).size).toBe(made.length);
        expect(made.toSorted()).toEqual(made);
        expect(made.every(isId)).toBe(true);
      }),
      runs,
    );
  });

  it('contains the millisecond, the machine and the sequence', () => {
    fc.assert(
      fc.property(moments, machines, (now, machine) => {
        const ids = createIdGenerator({ clock: { now: () => now }, machine });
        const [first, second] = [ids.next(), ids.next()];
        expect(idTime(first).getTime()).toBe(now);
        expect(Number((BigInt(first) >> 12n) & 1023n)).toBe(machine);
        // The epoch itself starts at sequence 0, like any other millisecond.
        expect(BigInt(first) & 4095n).toBe(0n);
        expect(BigInt(second) - BigInt(first)).toBe(1n);
        expect(first >= firstIdAt(now) && first < firstIdAt(now + 1)).toBe(true);
      }),
      runs,
    );
  });

  it('borrows the next millisecond after 4,096 ids in one, until the clock catches up', () => {
    let now = EPOCH + 500_000_000_000;
    const ids = createIdGenerator({ clock: { now: () => now }, machine: 7 });
    const made = Array.from({ length: 10_000 }, () => ids.next());
    expect(new Set(made).size).toBe(10_000);
    expect(made.toSorted()).toEqual(made);
    expect(made.map((id) => idTime(id).getTime() - now).at(4095)).toBe(0);
    expect(made.map((id) => idTime(id).getTime() - now).at(4096)).toBe(1);
    expect(made.map((id) => idTime(id).getTime() - now).at(-1)).toBe(2);
    now += 10;
    expect(idTime(ids.next()).getTime()).toBe(now);
  });

  it('never repeats an id of another machine', () => {
    const now = EPOCH + 500_000_000_000;
    const generators = [0, 1, 512, 1023].map((machine) =>
      createIdGenerator({ clock: { now: () => now }, machine }),
    );
    const made = generators.flatMap((ids) => Array.from({ length: 5000 }, () => ids.next()));
    expect(new Set(made).size).toBe(made.length);
  });

  it('continues above `after`, even if the clock is far behind', () => {
    fc.assert(
      fc.property(moments, moments, machines, machines, (then, now, otherMachine, machine) => {
        const after = createIdGenerator({ clock: { now: () => then }, machine: otherMachine }).next();
        const ids = createIdGenerator({ clock: { now: () => now }, machine, after });
        expect(ids.next() > after).toBe(true);
      }),
      runs,
    );
  });

  it.each([-1, 1024, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('refuses machine %s', (machine) => {
    expect(() => createIdGenerator({ clock: { now: () => 0 }, machine })).toThrow(RangeError);
  });

  it('refuses a clock beyond 41 bits, and an invalid `after`', () => {
    expect(() => createIdGenerator({ clock: { now: () => LAST_MS + 1 }, machine: 0 }).next()).toThrow(
      RangeError,
    );
    expect(idTime(createIdGenerator({ clock: { now: () => LAST_MS }, machine: 0 }).next()).getTime()).toBe(
      LAST_MS,
    );
    expect(() => createIdGenerator({ clock: { now: () => 0 }, machine: 0, after: '12' })).toThrow(RangeError);
  });
});

describe('firstIdAt', () => {
  it('round-trips the time and keeps its order', () => {
    const anyMoment = fc.integer({ min: EPOCH, max: LAST_MS });
    fc.assert(
      fc.property(anyMoment, anyMoment, (a, b) => {
        expect(idTime(firstIdAt(a)).getTime()).toBe(a);
        expect(isId(firstIdAt(a))).toBe(true);
        expect(firstIdAt(a) < firstIdAt(b)).toBe(a < b);
      }),
      runs,
    );
  });

  it('clamps times outside the range', () => {
    expect(firstIdAt(0)).toBe('0000000000000000000');
    expect(firstIdAt(Number.NEGATIVE_INFINITY)).toBe('0000000000000000000');
    expect(firstIdAt(LAST_MS + 1)).toBe('9223372036854775807');
    expect(firstIdAt(Number.POSITIVE_INFINITY)).toBe('9223372036854775807');
    expect(() => firstIdAt(Number.NaN)).toThrow(RangeError);
  });
});

describe('isId', () => {
  it.each(['1000000000000000000', '0000000000000000000', '9223372036854775807'])('accepts %s', (value) => {
    expect(isId(value)).toBe(true);
  });

  it.each([
    ['9223372036854775808'],
    ['9999999999999999999'],
    ['100000000000000000'],
    ['10000000000000000000'],
    [' 100000000000000000'],
    ['1000000000000000000\n'],
    ['-100000000000000000'],
    ['1e18'],
    [''],
    ['１０００００００００００００００００００'],
    ['__proto__'],
  ])('refuses %j', (value) => {
    expect(isId(value)).toBe(false);
    expect(() => idTime(value)).toThrow(RangeError);
  });
});
