import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rangeOf } from './range-of.ts';

const validators = { etag: '"0123"', lastModified: 'Sun, 29 Nov 2026 20:00:00 GMT' };
const of = (range: string | undefined, bytes: number, ifRange?: string) =>
  rangeOf({ range, 'if-range': ifRange }, bytes, validators);

test.each([
  [undefined, undefined],
  ['bytes=0-', { start: 0, end: 99 }],
  ['bytes=0-0', { start: 0, end: 0 }],
  ['BYTES=10-19', { start: 10, end: 19 }],
  ['bytes=90-1000', { start: 90, end: 99 }],
  ['bytes=-10', { start: 90, end: 99 }],
  ['bytes=-1000', { start: 0, end: 99 }],
  ['bytes=100-', 'unsatisfiable'],
  ['bytes=-0', 'unsatisfiable'],
  ['bytes=0-1,5-9', undefined],
  ['bytes=0-1,200-300', undefined],
  ['bytes=5-1', undefined],
  ['bytes=', undefined],
  ['bytes', undefined],
  ['bytes=a-b', undefined],
  ['items=0-1', undefined],
  ['', undefined],
])('%j of 100 bytes', (header, expected) => {
  expect(of(header, 100)).toEqual(expected);
});

test('If-Range only applies a range while the object is unchanged', () => {
  const range = { start: 0, end: 9 };
  expect(of('bytes=0-9', 100, validators.etag)).toEqual(range);
  expect(of('bytes=0-9', 100, validators.lastModified)).toEqual(range);
  for (const other of ['"other"', 'W/"0123"', 'Sun, 29 Nov 2026 20:00:01 GMT', 'nonsense', '']) {
    expect(of('bytes=0-9', 100, other)).toBeUndefined();
  }
});

const size = fc.integer({ min: 1, max: 1_000 });
const position = fc.option(fc.integer({ min: 0, max: 1_200 }), { nil: undefined });

/** As specified in RFC 9110. */
function expectedOf(bytes: number, from: number | undefined, to: number | undefined) {
  if (from === undefined) {
    if (to === undefined) return undefined;
    return to === 0 ? 'unsatisfiable' : { start: Math.max(0, bytes - to), end: bytes - 1 };
  }
  if (to !== undefined && to < from) return undefined;
  return from >= bytes ? 'unsatisfiable' : { start: from, end: Math.min(to ?? bytes, bytes - 1) };
}

test('a single range follows HTTP, and lies within the object', () => {
  fc.assert(
    fc.property(size, position, position, (bytes, from, to) => {
      expect(of(`bytes=${from ?? ''}-${to ?? ''}`, bytes)).toEqual(expectedOf(bytes, from, to));
    }),
    { numRuns: 2_000 },
  );
});

test('for any header, a response lies within the object', () => {
  const text = fc.oneof(
    fc.string(),
    fc
      .array(fc.constantFrom('bytes=', '-', ',', ' ', '0', '9', '1e3', '٣', '99999999999999999999'), {
        maxLength: 9,
      })
      .map((parts) => parts.join('')),
  );
  fc.assert(
    fc.property(text, fc.nat({ max: 1_000 }), (header, bytes) => {
      const answer = of(header, bytes);
      if (answer === undefined || answer === 'unsatisfiable') return;
      expect(answer.start).toBeGreaterThanOrEqual(0);
      expect(answer.start).toBeLessThanOrEqual(answer.end);
      expect(answer.end).toBeLessThan(bytes);
    }),
    { numRuns: 2_000 },
  );
});
