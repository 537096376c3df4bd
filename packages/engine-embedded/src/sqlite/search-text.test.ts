import { DatabaseSync } from 'node:sqlite';
import type { PostQuery } from '@twite/core/search/search-index';
import { wordsOf } from '@twite/core/text/search-words';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { matchExpression, matchFollowersPosts, searchable, tagToken } from './search-text.ts';

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
  hasMedia: fc.constantFrom(true, false, undefined),
  followersPostsOf: terms,
});

it('no text is syntax: FTS5 accepts every query', () => {
  const db = new DatabaseSync(':memory:');
  db.exec(`CREATE VIRTUAL TABLE t USING fts5 (text, tags, author)`);
  const search = db.prepare('SELECT rowid FROM t WHERE t MATCH ?');
  fc.assert(
    fc.property(query, (any) => {
      for (const match of [matchExpression(any), matchFollowersPosts(any)]) {
        if (match !== undefined) expect(search.all(match)).toEqual([]);
      }
    }),
    { numRuns: 1_000 },
  );
  db.close();
});

it('FTS5 finds the same words as our analysis, around any character', () => {
  const db = new DatabaseSync(':memory:');
  db.exec(`CREATE VIRTUAL TABLE t USING fts5 (x, content = '', tokenize = "ascii");
    CREATE VIRTUAL TABLE v USING fts5vocab (t, instance);
    BEGIN`);
  const insert = db.prepare('INSERT INTO t (rowid, x) VALUES (?, ?)');
  const expected = new Map<number, string[]>();
  for (let code = 1; code <= 0x1ffff; code++) {
    const text = `a${String.fromCodePoint(code)}b`.toWellFormed();
    expected.set(code, [...wordsOf(text)]);
    insert.run(code, searchable(text));
  }
  const found = new Map<number, string[]>();
  const instances = db.prepare('SELECT doc, term FROM v ORDER BY doc, offset').all();
  for (const { doc, term } of instances as { doc: number; term: string }[]) {
    found.set(doc, [...(found.get(doc) ?? []), term]);
  }
  expect(found).toEqual(expected);
  db.close();
});

it('a tag is one token, and different tags are different ones', () => {
  expect(tagToken('a_b')).not.toBe(tagToken('a'));
  expect(tagToken('Été')).toBe(tagToken('ete'));
  expect(tagToken('日本')).toMatch(/^t[0-9a-f]+$/);
});
