import fc from 'fast-check';
import { expect, test } from 'vitest';
import { expiryFrom } from './expiry.ts';

const now = Date.parse('2026-11-30T09:00:00.000Z');

test.each([
  ['12h', '2026-11-30T21:00:00.000Z'],
  ['30d', '2026-12-30T09:00:00.000Z'],
  ['8w', '2027-01-25T09:00:00.000Z'],
  ['2030-12-31', '2030-12-31T00:00:00.000Z'],
  ['2030-12-31T08:00:00+01:00', '2030-12-31T07:00:00.000Z'],
])('%s is %s', (text, expected) => {
  expect(expiryFrom(text, now)).toBe(expected);
});

test.each(['yesterday', '30', '5m', '-3d', '', '2030-13-40', '0d', '2020-01-01'])('%j is refused', (text) => {
  expect(() => expiryFrom(text, now)).toThrow(/^--expires .*(neither a duration nor a date|in the past)/);
});

test('accepted times are in the future', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.stringMatching(/^\d{1,5}[hdw]$/)), (text) => {
      try {
        expect(Date.parse(expiryFrom(text, now))).toBeGreaterThan(now);
      } catch (error) {
        expect((error as Error).name).toBe('UsageError');
      }
    }),
  );
});
