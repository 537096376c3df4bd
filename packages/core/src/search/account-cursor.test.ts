import { contract, contractLimits } from '@twite/contract';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { nameSuffixes } from '../text/search-words.ts';
import { accountCursor, readAccountCursor } from './account-cursor.ts';

it('a cursor is decoded to its original position', () => {
  for (const place of [
    ['handle', 'cosette'],
    ['name', 'née "Euphrasie"', '1900000000000000001'],
  ] as const) {
    expect(readAccountCursor(accountCursor(place))).toEqual(place);
  }
  expect(readAccountCursor(undefined)).toEqual(['handle', '']);
});

it('an invalid cursor is refused', () => {
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

it('the contract accepts the cursors of all names that it accepts', () => {
  const query = contract.searchAccounts.query;
  const accepts = (cursor: string) => query.safeParse({ q: 'x', cursor }).success;
  const length = contractLimits.displayNameLengthMax;
  // The characters that grow most when folded, escaped or encoded, and all others.
  const character = fc.oneof(
    fc.constantFrom('\u{1d160}', '\ufdfa', '\u0390', '"', '\\', '\u{10ffff}', '\u0001', '\u2028', 'x'),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
  );
  const names = fc.oneof(
    fc.array(character, { minLength: 1, maxLength: length }).map((characters) => characters.join('')),
    character.map((one) => one.repeat(length)),
  );
  fc.assert(
    fc.property(names, (name) => {
      for (const suffix of nameSuffixes(name)) {
        expect(accepts(accountCursor(['name', suffix, '9223372036854775807']))).toBe(true);
      }
    }),
    { numRuns: 1_000 },
  );
  expect(accepts(accountCursor(['handle', 'x'.repeat(contractLimits.handleLengthMax)]))).toBe(true);
});
