import fc from 'fast-check';
import { expect } from 'vitest';
import { hardTexts } from './hard-texts.ts';
import { aCorpus } from './search-corpus.ts';
import type { SuiteContext } from './suite.ts';

/** Texts with a meaning in some engine's query language. */
const hostileTerms = [
  '"',
  '""',
  "'",
  '*',
  'a*',
  '*a',
  'AND',
  'OR',
  'NOT',
  'NEAR',
  'NEAR(',
  'NEAR(a b, 2)',
  '^',
  '^a',
  ':',
  'text:a',
  'rowid:1',
  '-',
  '--',
  '+',
  '(',
  ')',
  '()',
  '{',
  '{text}:a',
  '}',
  '[',
  ']',
  '\\',
  '/',
  '/a/',
  '~',
  'a~2',
  '?',
  'a?c',
  '%',
  '_',
  ';',
  'a"b',
  '"a',
  "a'b",
  'a OR b',
  'a AND',
  '<',
  '>',
  '&&',
  '||',
  '!',
  '@',
  '#',
  '',
  ' ',
  '\t\n',
  '.',
  '…',
  '$where',
  '{"match_all":{}}',
  '__proto__',
  '\ud83d\ude00',
  '\u0301',
  '\u200d',
  '\u2028',
  '\ufeff',
  '\u{10ffff}',
];

/** Facts about terms that could be mistaken for query syntax: a part of the suite of the search index. */
export function expectHarmlessTerms({ fact }: SuiteContext): void {
  fact('words of a query language are ordinary words', async (world) => {
    const { find, index } = aCorpus(world);
    const one = await index('salt and pepper, near or not');
    const two = await index('salt pepper');
    for (const word of ['AND', 'OR', 'NOT', 'NEAR']) {
      expect(await find({ words: [word] })).toEqual([one]);
      expect(await find({ words: ['salt', word] })).toEqual([one]);
      expect(await find({ words: ['salt'], notWords: [word] })).toEqual([two]);
      expect(await find({ phrases: [word] })).toEqual([one]);
    }
    expect(await find({ phrases: ['salt AND pepper'] })).toEqual([one]);
    expect(await find({ words: ['pep*'] })).toEqual([]);
  });

  fact('no search term causes an error', async (world) => {
    const { find, index } = aCorpus(world);
    await index('a b c');
    for (const term of [...hostileTerms, ...hardTexts]) {
      for (const query of [
        { words: [term] },
        { phrases: [term] },
        { tags: [term] },
        { words: ['a'], notWords: [term], notPhrases: [term], notTags: [term] },
        { words: [term, term], phrases: [term], tags: [term] },
      ]) {
        expect(Array.isArray(await find(query))).toBe(true);
      }
      await world.engine.search.searchAccounts(term, { limit: 5 });
    }
  });

  fact('no text causes an error in indexing or searching', async (world) => {
    const { find, document } = aCorpus(world);
    const text = fc.string({ unit: 'binary', maxLength: 12 }).filter((value) => !value.includes('\0'));
    await fc.assert(
      fc.asyncProperty(
        fc.array(text, { maxLength: 3 }),
        fc.array(text, { maxLength: 3 }),
        async (some, others) => {
          await world.engine.search.indexPosts([document(some.join(' '), some)]);
          await find({ words: some, phrases: others, notWords: others });
          await find({ words: others, tags: some, notTags: others, notPhrases: some });
          await world.engine.search.searchAccounts(some.join(' '), { limit: 3 });
        },
      ),
      { numRuns: 100 },
    );
    for (const hard of hardTexts) await world.engine.search.indexPosts([document(hard, [hard])]);
  });
}
