import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_SEARCH_TERMS, parseSearchQuery, type SearchQuery } from './parse-search-query.ts';
import { codeUnits, nastyTexts } from './parse-text.test.arbitraries.ts';
import { hasWord } from './search-words.ts';

const empty: SearchQuery = {
  words: [],
  phrases: [],
  notWords: [],
  notPhrases: [],
  tags: [],
  notTags: [],
  from: [],
  notFrom: [],
  hasMedia: undefined,
};

describe('parseSearchQuery', () => {
  it('parses the whole language', () => {
    const q = 'cats "big  dogs" -mice -"small birds" from:Alice -from:@bob #Zoo -#circus ＃動物園';
    expect(parseSearchQuery(q)).toEqual({
      ok: true,
      query: {
        words: ['cats'],
        phrases: ['big dogs'],
        notWords: ['mice'],
        notPhrases: ['small birds'],
        tags: ['zoo', '動物園'],
        notTags: ['circus'],
        from: ['alice'],
        notFrom: ['bob'],
      },
    });
  });

  it.each<[string, Partial<SearchQuery>]>([
    ['"to the end', { phrases: ['to the end'] }],
    ['one"two three"four', { words: ['one', 'four'], phrases: ['two three'] }],
    ['“curly quotes”', { phrases: ['curly quotes'] }],
    ['«quotation marks» -»so oder so«', { phrases: ['quotation marks'], notPhrases: ['so oder so'] }],
    [
      '‹a b› 「上海 東京」 『c d』 ｢e f｣ 〝g h〟 ＂i j＂',
      { phrases: ['a b', '上海 東京', 'c d', 'e f', 'g h', 'i j'] },
    ],
    ['‘don’t go’ ‚ein Wort‘ don’t ‘tis', { phrases: ['don’t go', 'ein Wort'], words: ['don’t', '‘tis'] }],
    ['home » news «', { words: ['home'], phrases: ['news'] }],
    ['a « b', { words: ['a', 'b'] }],
    ['has:media', { hasMedia: true }],
    ['cats -HAS:media has:media', { words: ['cats'], hasMedia: false }],
    ['has:video "has:media"', { words: ['has:video'], phrases: ['has:media'] }],
    ['a "" b "', { words: ['a', 'b'] }],
    ['well-known --twice', { words: ['well-known'], notWords: ['twice'] }],
    ['a - b -', { words: ['a', 'b'] }],
    ['cats cats -x -x #a #A', { words: ['cats'], notWords: ['x'], tags: ['a'] }],
    ['#tag, #1 #one-two', { tags: ['tag'], words: ['#1', '#one-two'] }],
    ['from:a-b from: from:', { words: ['from:a-b', 'from:'] }],
    ['from:alice', { from: ['alice'] }],
    ['a OR b* NEAR(c) :d ^e', { words: ['a', 'OR', 'b*', 'NEAR(c)', ':d', '^e'] }],
    ['x\u0000y\ud800z', { words: ['x', 'y', 'z'] }],
    ['e\u0301', { words: ['é'] }],
    ['😀 "🇫🇷 x" !', { words: ['😀'], phrases: ['🇫🇷 x'] }],
    ['__proto__ constructor', { words: ['__proto__', 'constructor'] }],
  ])('parses %j', (q, expected) => {
    expect(parseSearchQuery(q)).toEqual({ ok: true, query: { ...empty, ...expected } });
  });

  it.each(['', '   ', '-cats', '-"x y" -#z -from:alice', '"', '""', '!!! … —', '\u0000', '-', '#'])(
    'finds nothing to search for in %j',
    (q) => {
      expect(parseSearchQuery(q)).toEqual({ ok: false, reason: 'nothing_to_search' });
    },
  );

  it('has limits', () => {
    const words = (count: number) => Array.from({ length: count }, (_, i) => `w${i}`).join(' ');
    expect(parseSearchQuery(words(MAX_SEARCH_TERMS)).ok).toBe(true);
    expect(parseSearchQuery(words(MAX_SEARCH_TERMS + 1))).toEqual({ ok: false, reason: 'too_many_terms' });
    expect(parseSearchQuery(`-x ${words(MAX_SEARCH_TERMS)}`)).toEqual({
      ok: false,
      reason: 'too_many_terms',
    });
    expect(parseSearchQuery('a'.repeat(500)).ok).toBe(true);
    expect(parseSearchQuery('a'.repeat(501))).toEqual({ ok: false, reason: 'too_long' });
    expect(parseSearchQuery('"'.repeat(10_000_000))).toEqual({ ok: false, reason: 'too_long' });
  });

  it('parses every string, within its limits', () => {
    const signs = fc.string({
      unit: fc.constantFrom(...'ab1 -"“”«»「」‘’#＃:@_,\n', 'from:', '-from:', '😀', '\u0301'),
      maxLength: 60,
    });
    const strings = fc.oneof(signs, codeUnits, nastyTexts, fc.string({ unit: 'binary', maxLength: 600 }));
    fc.assert(
      fc.property(strings, (q) => {
        const parsed = parseSearchQuery(q);
        if (!parsed.ok) return;
        const { query } = parsed;
        const { hasMedia, ...lists } = query;
        const terms = Object.values(lists).flat();
        expect(terms.length > 0 || hasMedia === true).toBe(true);
        expect(terms.length).toBeLessThanOrEqual(MAX_SEARCH_TERMS);
        for (const list of Object.values(lists)) expect(new Set(list).size).toBe(list.length);
        for (const term of terms) {
          expect(term).toMatch(/^[^\p{Cc}\p{Cs}]+$/u);
          expect(term).toBe(term.trim());
        }
        for (const word of [...query.words, ...query.notWords])
          expect([word, hasWord(word), /\s/.test(word)]).toEqual([word, true, false]);
        for (const handle of [...query.from, ...query.notFrom]) expect(handle).toMatch(/^[a-z0-9_]{1,30}$/);
      }),
      { numRuns: 3000 },
    );
  });

  it('parses what it serializes', () => {
    const word = fc.stringMatching(/^[a-z]{1,8}$/);
    const list = (unit: fc.Arbitrary<string>) => fc.uniqueArray(unit, { maxLength: 2 });
    const phrase = fc.array(word, { minLength: 1, maxLength: 3 }).map((parts) => parts.join(' '));
    const queries = fc.record({
      words: fc.uniqueArray(word, { minLength: 1, maxLength: 2 }),
      phrases: list(phrase),
      notWords: list(word),
      notPhrases: list(phrase),
      tags: list(word),
      notTags: list(word),
      from: list(word),
      notFrom: list(word),
      hasMedia: fc.constantFrom(true, false, undefined),
    });
    fc.assert(
      fc.property(queries, fc.infiniteStream(fc.nat()), (query, order) => {
        const terms = [
          ...query.words,
          ...query.phrases.map((text) => `"${text}"`),
          ...query.notWords.map((text) => `-${text}`),
          ...query.notPhrases.map((text) => `-"${text}"`),
          ...query.tags.map((text) => `#${text}`),
          ...query.notTags.map((text) => `-#${text}`),
          ...query.from.map((text) => `from:${text}`),
          ...query.notFrom.map((text) => `-from:${text}`),
          ...(query.hasMedia === undefined ? [] : [query.hasMedia ? 'has:media' : '-has:media']),
        ];
        const shuffled = terms
          .map((term) => ({ term, key: order.next().value }))
          .sort((a, b) => a.key - b.key)
          .map(({ term }) => term);
        const parsed = parseSearchQuery(shuffled.join(' '));
        if (terms.length > MAX_SEARCH_TERMS) {
          expect(parsed).toEqual({ ok: false, reason: 'too_many_terms' });
          return;
        }
        const sorted = (value: SearchQuery) =>
          Object.fromEntries(
            Object.entries(value).map(([name, items]) => [
              name,
              Array.isArray(items) ? items.toSorted() : items,
            ]),
          );
        if (!parsed.ok) throw new Error(parsed.reason);
        expect(sorted(parsed.query)).toEqual(sorted(query));
      }),
      { numRuns: 1000 },
    );
  });
});
