import { DatabaseSync } from 'node:sqlite';
import type { PostQuery } from '@twite/core/search/search-index';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { fold, matchExpression, nameSuffixes, tagToken } from './search-text.ts';

const terms = fc.array(fc.oneof(fc.string({ unit: 'binary' }), fc.string()), { maxLength: 3 });
const query: fc.Arbitrary<PostQuery> = fc.record({
  words: terms,
  phrases: terms,
  notWords: terms,
  notPhrases: terms,
  tags: terms,
  notTags: terms,
  authorIds: fc.option(terms, { nil: undefined }),
  notAuthorIds: terms,
  followersPostsOf: terms,
});

it('no text is syntax: every query is one that FTS5 takes', () => {
  const db = new DatabaseSync(':memory:');
  db.exec(`CREATE VIRTUAL TABLE t USING fts5 (text, tags, author)`);
  const search = db.prepare('SELECT rowid FROM t WHERE t MATCH ?');
  fc.assert(
    fc.property(query, (any) => {
      const match = matchExpression(any);
      if (match !== undefined) expect(search.all(match)).toEqual([]);
    }),
    { numRuns: 1_000 },
  );
  db.close();
});

it('folds case, accents and spaces', () => {
  expect(fold('  Éric\u00a0 ŠKODA\n')).toBe('eric skoda');
});

it('a tag is one token, and different tags are different ones', () => {
  expect(tagToken('a_b')).not.toBe(tagToken('a'));
  expect(tagToken('Été')).toBe(tagToken('ete'));
  expect(tagToken('日本')).toMatch(/^t[0-9a-f]+$/);
});

it('a name is found from the start of each word', () => {
  expect(nameSuffixes('Jean-Luc (dit Zola)')).toEqual([
    'jean-luc (dit zola)',
    'luc (dit zola)',
    'dit zola)',
    'zola)',
  ]);
  expect(nameSuffixes(' ★ ')).toEqual(['★']);
  expect(nameSuffixes('')).toEqual([]);
});
