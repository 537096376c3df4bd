import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normaliseText } from './normalise-text.ts';
import { codeUnits, nastyTexts } from './parse-text.test.arbitraries.ts';

describe('normaliseText', () => {
  it.each([
    ['  hello \n', 'hello'],
    ['one\r\ntwo\rthree\n\n\nfour', 'one\ntwo\nthree\n\n\nfour'],
    ['a\tb  c', 'a\tb  c'],
    ['\ufeffhello\u3000', 'hello'],
    ['e\u0301', 'é'],
    ['👨‍👩‍👧', '👨‍👩‍👧'],
    ['\u200fשלום\u200e', '\u200fשלום\u200e'],
  ])('normalizes %j to %j', (raw, text) => {
    expect(normaliseText(raw)).toEqual({ ok: true, text });
  });

  it.each([
    ['', 'empty'],
    [' \n\t\u3000', 'empty'],
    ['\u200b\u200d\ufe0f\u2060', 'empty'],
    ['\u3164 \u2800\u00ad', 'empty'],
    ['a\u0000b', 'control_character'],
    ['a\u001bb', 'control_character'],
    ['a\u007f', 'control_character'],
    ['a\u0085b', 'control_character'],
    ['a\ud800', 'lone_surrogate'],
    ['\udc00a', 'lone_surrogate'],
    ['a\ufeffb', 'noncharacter'],
    ['a\uffff', 'noncharacter'],
    ['a'.repeat(10_001), 'too_long'],
    ['\ud800'.repeat(1_000_000), 'too_long'],
  ])('refuses %#: %j', (raw, reason) => {
    expect(normaliseText(raw)).toEqual({ ok: false, reason });
  });

  it('accepts another raw limit', () => {
    expect(normaliseText('abcd', { maxRawLength: 3 })).toEqual({ ok: false, reason: 'too_long' });
    expect(normaliseText('abc', { maxRawLength: 3 })).toEqual({ ok: true, text: 'abc' });
  });

  it('is idempotent', () => {
    const texts = fc.oneof(
      nastyTexts,
      codeUnits,
      fc.string({ unit: 'binary' }),
      fc.string({ unit: 'grapheme' }),
    );
    fc.assert(
      fc.property(texts, (raw) => {
        const first = normaliseText(raw);
        if (!first.ok) return;
        expect(normaliseText(first.text)).toEqual(first);
        expect(first.text.normalize()).toBe(first.text);
        expect(Buffer.from(first.text).toString()).toBe(first.text);
      }),
      { numRuns: 3000 },
    );
  });
});
