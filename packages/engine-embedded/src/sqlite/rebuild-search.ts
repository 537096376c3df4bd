import type { DatabaseSync } from 'node:sqlite';
import type { TextEntities } from '@twite/contract';
import { nameSuffixes } from '@twite/core/text/search-words';
import { searchable, tagTokens } from './search-text.ts';

/** Defines the analysis of texts as SQL functions, for migrations that rebuild the search index. */
export function defineSearchFunctions(db: DatabaseSync): void {
  const options = { deterministic: true };
  db.function('search_words', options, (text) => searchable(String(text)));
  db.function('search_tags', options, (entities, visibility, media) =>
    tagTokens({
      tags: (JSON.parse(String(entities)) as TextEntities).hashtags.map(({ tag }) => tag),
      visibility: visibility === 'followers' ? 'followers' : 'public',
      hasMedia: media !== null && (JSON.parse(String(media)) as readonly unknown[]).length > 0,
    }),
  );
  db.function('search_suffixes', options, (name) => JSON.stringify(nameSuffixes(String(name))));
}

/**
 * Version 2 of the analysis. FTS5 splits words at spaces only: `wordsOf` decides what a word is. Deleted posts keep a
 * row without words, so that a pending event does not index them.
 */
export const schemaVersion10 = `
DROP TABLE post_search;
CREATE VIRTUAL TABLE post_search USING fts5 (
  text, tags, author,
  content = '', contentless_delete = 1,
  tokenize = "ascii"
);
INSERT INTO post_search (rowid, text, tags, author)
SELECT CAST(post_id AS INTEGER), search_words(text), search_tags(entities, visibility, media), author_id FROM posts;
INSERT INTO post_search (rowid, text, tags, author)
SELECT CAST(post_id AS INTEGER), '', '', '' FROM deleted_posts;

DELETE FROM account_search_names;
INSERT INTO account_search_names (account_id, suffix)
SELECT account_id, suffixes.value
FROM account_search JOIN accounts USING (account_id), json_each(search_suffixes(display_name)) AS suffixes
WHERE account_search.handle_key <> '';
`;
