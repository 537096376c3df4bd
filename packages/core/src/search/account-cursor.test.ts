import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { accountCursor, readAccountCursor } from './account-cursor.ts';

it('a cursor is read as the place that it was made of', () => {
  for (const place of [
    ['handle', 'cosette'],
    ['name', 'née "Euphrasie"', '1900000000000000001'],
  ] as const) {
    expect(readAccountCursor(accountCursor(place))).toEqual(place);
  }
  expect(readAccountCursor(undefined)).toEqual(['handle', '']);
});

it('what is no cursor is refused', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.json().map((json) => Buffer.from(json).toString('base64url')),
      ),
      (text) => {
        expect(() => readAccountCursor(text)).toThrow(expect.objectContaining({ code: 'invalid_input' }));
      },
    ),
  );
});
