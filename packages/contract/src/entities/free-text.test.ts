import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { freeText } from './free-text.ts';

const name = freeText(50);
const bio = freeText(50, { lines: true });

const issueCodes = (schema: typeof name, value: string): string[] =>
  (schema.safeParse(value).error?.issues ?? []).map((issue) =>
    issue.code === 'custom' ? (issue.params?.code ?? 'custom') : issue.code,
  );

describe('accepted texts', () => {
  test.each([
    ['  Cosette \t', 'Cosette'],
    ['e\u0301ponine', '\u00e9ponine'],
    ['', ''],
    ['\u200fשלום\u200e', '\u200fשלום\u200e'],
    ['👨‍👩‍👧 می‌خواهم', '👨‍👩‍👧 می‌خواهم'],
    [
      '🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}',
      '🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}',
    ],
    ['😀'.repeat(50), '😀'.repeat(50)],
  ])('%j as %j', (value, kept) => {
    expect([name.parse(value), bio.parse(value)]).toEqual([kept, kept]);
  });

  test('keep line breaks where they are allowed', () => {
    expect(bio.parse('one\r\ntwo\rthree\n')).toBe('one\ntwo\nthree');
    expect(issueCodes(name, 'one\ntwo')).toEqual(['line_break']);
    expect(issueCodes(name, 'one\u2028two')).toEqual(['line_break']);
  });
});

test.each([
  ['  ', 'empty'],
  ['\u200b\u2060', 'empty'],
  ['\u3164', 'empty'],
  ['a\u0007b', 'control_character'],
  ['a\tb', 'control_character'],
  ['a\u0085b', 'control_character'],
  ['a\ufeffb', 'noncharacter'],
  ['\u202egnp.exe', 'bidi_control'],
  ['a\u2066b', 'bidi_control'],
  ['a\u{e0041}\u{e0042}', 'tag_character'],
  ['🏴\u{e0067}', 'tag_character'],
  ['a\u0000', 'not_text'],
  ['a\ud800', 'not_text'],
  ['a'.repeat(51), 'too_long'],
  // Two code points each after composition.
  ['\u0958'.repeat(30), 'too_long'],
])('%j is refused: %s', (value, code) => {
  for (const schema of [name, bio]) expect(issueCodes(schema, value)).toContain(code);
});

test('normalization is idempotent, and the result is visible', () => {
  const texts = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 60 }),
    fc.string({ unit: 'binary', maxLength: 60 }),
  );
  fc.assert(
    fc.property(texts, (value) => {
      for (const schema of [name, bio]) {
        const first = schema.safeParse(value);
        if (!first.success) continue;
        const kept = first.data;
        expect(schema.parse(kept)).toBe(kept);
        expect(kept).toBe(kept.trim().normalize());
        expect([...kept].length).toBeLessThanOrEqual(50);
        expect(kept).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069](?<!\n)/u);
        if (kept !== '') expect(kept).toMatch(/[^\p{White_Space}\p{Default_Ignorable_Code_Point}]/u);
      }
    }),
    { numRuns: 2000 },
  );
});
