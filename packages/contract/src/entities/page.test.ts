import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { contractLimits } from '../limits.ts';
import { commaSeparated, pageQuery } from './page.ts';
import { id } from './primitives.ts';

const runs = { numRuns: 1000 };
const ids = commaSeparated(id, 3);
const anId = fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }).map((value) => value.toString().padStart(19, '0'));

/** Anything that query strings, and worse, can contain. */
const anyValue = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('', '\0', '\ud800', '__proto__', 'NaN', 'Infinity', '1e400', '0x10', '-0'),
  fc.anything({ withNullPrototype: true, withBigInt: true }),
);

describe('a page query', () => {
  test('defaults to 20 items from the start', () => {
    expect(pageQuery.parse({})).toEqual({ limit: contractLimits.pageSizeDefault });
    expect(pageQuery.parse({ limit: '100', cursor: '1855647289012345678' })).toEqual({
      limit: 100,
      cursor: '1855647289012345678',
    });
  });

  test('never throws, and only accepts a size in range and an id', () => {
    fc.assert(
      fc.property(anyValue, anyValue, (limit, cursor) => {
        const result = pageQuery.safeParse({ limit, cursor });
        if (!result.success) return;
        expect(Number.isInteger(result.data.limit)).toBe(true);
        expect(result.data.limit).toBeGreaterThanOrEqual(1);
        expect(result.data.limit).toBeLessThanOrEqual(contractLimits.pageSizeMax);
        if (result.data.cursor !== undefined) expect(result.data.cursor).toMatch(/^[0-9]{19}$/);
      }),
      runs,
    );
  });

  test('never throws on other shapes, and does not touch prototypes', () => {
    fc.assert(
      fc.property(fc.anything({ withNullPrototype: true, withBigInt: true }), (value) => {
        const result = pageQuery.safeParse(value);
        if (result.success) expect(Object.keys(result.data).sort().at(-1)).toBe('limit');
      }),
      runs,
    );
    const parsed = pageQuery.parse(JSON.parse('{"__proto__":{"limit":1000},"constructor":1}'));
    expect(parsed).toEqual({ limit: contractLimits.pageSizeDefault });
    expect(Object.getPrototypeOf(parsed)).toBe(Object.prototype);
  });

  test.each(['\0', '\ud800', '__proto__', '1855647289012345678\0', '9223372036854775808'])(
    'refuses the cursor %j',
    (cursor) => {
      expect(pageQuery.safeParse({ cursor }).success).toBe(false);
    },
  );
});

describe('comma-separated values', () => {
  test('are parsed into the original list', () => {
    fc.assert(
      fc.property(fc.array(anId, { minLength: 1, maxLength: 3 }), (list) => {
        expect(ids.parse(list.join(','))).toEqual(list);
      }),
      runs,
    );
  });

  test('never throw, and only accept ids up to the limit', () => {
    fc.assert(
      fc.property(fc.oneof(anyValue, fc.array(fc.oneof(anId, fc.string())).map(String)), (value) => {
        const result = ids.safeParse(value);
        if (!result.success) return;
        expect(result.data.length).toBeLessThanOrEqual(3);
        for (const item of result.data) expect(id.safeParse(item).success).toBe(true);
      }),
      runs,
    );
    const one = '1855647289012345678';
    const refused = [
      '',
      ',',
      `${one},`,
      `${one}, ${one}`,
      Array(4).fill(one).join(','),
      `${one},\ud800`,
      '__proto__',
    ];
    for (const value of refused) expect(ids.safeParse(value).success, value).toBe(false);
    expect(ids.safeParse(','.repeat(1_000_000)).success).toBe(false);
  });
});
