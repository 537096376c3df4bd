import fc from 'fast-check';
import { expect, test } from 'vitest';
import { plain, plainJson, plainLine } from './plain.ts';

// Written out again instead of taken from the subject: characters that control a terminal or reorder text.
const isDangerous = (code: number): boolean =>
  (code < 0x20 && code !== 0x0a) ||
  (code >= 0x7f && code <= 0x9f) ||
  [0x61c, 0x200e, 0x200f, 0xfeff].includes(code) ||
  (code >= 0x2028 && code <= 0x202e) ||
  (code >= 0x2066 && code <= 0x2069) ||
  (code >= 0xd800 && code <= 0xdfff);

const dangerousIn = (text: string): number[] =>
  [...text].map((character) => character.codePointAt(0) ?? 0).filter(isDangerous);

const nasty = fc.oneof(
  fc.constantFrom(
    '\u001b[2J',
    '\u001b]0;owned\u0007',
    '\u009b31m',
    '\u202egnp.exe',
    '\u2066',
    '\r',
    '\r\n',
    '\t',
    '\ud800',
    '\u0000',
  ),
  fc.integer({ min: 0, max: 0x10ffff }).map((code) => String.fromCodePoint(code)),
  fc.string({ unit: 'binary' }),
);
const text = fc.array(nasty, { maxLength: 30 }).map((parts) => parts.join(''));

test('no terminal control character gets through in any text', () => {
  fc.assert(
    fc.property(text, (value) => {
      expect(dangerousIn(plain(value))).toEqual([]);
      expect(dangerousIn(plainLine(value))).toEqual([]);
      expect(plainLine(value)).not.toContain('\n');
      expect(plain(plain(value))).toBe(plain(value));
    }),
    { numRuns: 1000 },
  );
});

test('text without such characters is unchanged', () => {
  const clean = fc
    .string({ unit: 'grapheme' })
    .map((value) => value.replaceAll('\r\n', '\n'))
    .filter((value) => dangerousIn(value).length === 0);
  fc.assert(
    fc.property(clean, (value) => {
      expect(plain(value)).toBe(value);
    }),
    { numRuns: 1000 },
  );
  expect(plain('Où est 👩‍👩‍👧 שלום مرحبا\nzwei')).toBe('Où est 👩‍👩‍👧 שלום مرحبا\nzwei');
});

test('JSON has the same value for a parser, and no effect on a terminal', () => {
  fc.assert(
    fc.property(text, (value) => {
      const json = plainJson({ [value]: [value] });
      expect(dangerousIn(json)).toEqual([]);
      expect(JSON.parse(json)).toEqual({ [value]: [value] });
    }),
    { numRuns: 1000 },
  );
});

test('control characters become visible symbols', () => {
  expect(plain('a\u001b[31mb\u0007')).toBe('a␛[31mb␇');
  expect(plainLine('one\n  two')).toBe('one two');
});
