import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nastyTexts } from './parse-text.test.arbitraries.ts';
import { parseText } from './parse-text.ts';
import { weightedLength } from './weighted-length.ts';

function slice(text: string, { start, end }: { start: number; end: number }): string {
  return Array.from(text).slice(start, end).join('');
}

describe('parseText', () => {
  it('finds the entities of a post', () => {
    expect(parseText('👋 @alice, see https://example.com/a_(b)?c=d. #Twite — or twite.dev!')).toEqual({
      weightedLength: 76,
      valid: true,
      entities: {
        mentions: [{ handle: 'alice', start: 2, end: 8 }],
        hashtags: [{ tag: 'Twite', start: 45, end: 51 }],
        urls: [
          { url: 'https://example.com/a_(b)?c=d', start: 14, end: 43 },
          { url: 'twite.dev', start: 57, end: 66 },
        ],
      },
    });
  });

  it('returns correct ranges, in order and without overlap', () => {
    fc.assert(
      fc.property(nastyTexts, (text) => {
        const { mentions, hashtags, urls } = parseText(text).entities;
        for (const mention of mentions) expect(slice(text, mention).slice(1)).toBe(mention.handle);
        for (const hashtag of hashtags) expect(slice(text, hashtag).slice(1)).toBe(hashtag.tag);
        // As in twitter-text, `t.co.例….com/` gives `t.co/` for all of it: only the domain is guaranteed to be in the
        // range.
        for (const url of urls) expect(slice(text, url)).toContain(url.url.slice(0, 4));
        const all = [...mentions, ...hashtags, ...urls].sort((a, b) => a.start - b.start);
        for (const [i, entity] of all.entries())
          expect(entity.start).toBeGreaterThanOrEqual(all[i - 1]?.end ?? 0);
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['', 0, false],
    ['a'.repeat(280), 280, true],
    ['a'.repeat(281), 281, false],
    ['日'.repeat(140), 280, true],
    ['日'.repeat(141), 282, false],
    [`${'a'.repeat(256)} http://example.com/${'p'.repeat(500)}`, 280, true],
    ['👨‍👩‍👧‍👦'.repeat(140), 280, true],
    ['e\u0301'.repeat(280), 280, true],
    ['a\ufeff', 3, false],
  ])('weighs %j', (text, expected, valid) => {
    expect(parseText(text)).toMatchObject({ weightedLength: expected, valid });
    expect(weightedLength(text)).toBe(expected);
  });

  it('accepts another limit', () => {
    expect(parseText('hello', { maxWeightedLength: 4 }).valid).toBe(false);
    expect(parseText('hello', { maxWeightedLength: 5 }).valid).toBe(true);
  });

  // 64 KB each. A quadratic step takes tens of seconds here: twitter-text needs 0.7 s for an eighth of `中.`.
  it.each([
    ...[
      'a.',
      '中.',
      '😀.',
      'a_.',
      '.com',
      'xn--a.',
      '例.中国',
      '-',
      '._',
      '中',
      'é.com ',
      'http://',
      'http://a.com/',
    ],
    ...[
      'a.com/(',
      'a.com/((',
      'a.com/,(a.com/,)',
      'a.com?',
      'a.com?(',
      'http://t.co/a?(',
      'a.com:1',
      '((a',
      '(a)',
    ],
    ...[
      '@a',
      '@',
      'RT@a',
      '@a/',
      '@a/b',
      'a@a.com',
      '#1',
      '#a',
      '#',
      '#a#',
      '&#a',
      '#1_',
      '1⃣',
      '👩🏽‍🚀',
      '\ufe0f',
      '🏴',
      '\u200d',
    ],
    ...[
      '\u0301\u0323',
      'a\u0301\u0323',
      '\u0000',
      '\ud800',
      '\udc00',
      `${'例'.repeat(58)}.com `,
      `${'あア'.repeat(20)}.`,
    ],
  ])('parses any amount of %j in linear time', (unit) => {
    const text = unit.repeat(Math.ceil(65_536 / unit.length));
    for (const hostile of [text, `http://a.com/${text}`, `a.com?${text}`, `#${text}`, `http://${text}`]) {
      const start = performance.now();
      parseText(hostile);
      expect(performance.now() - start).toBeLessThan(1000);
    }
  });
});
