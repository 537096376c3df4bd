import type { PostQuery } from '@twite/core/search/search-index';

/** Lower case without accents, with single spaces: what is indexed and compared. FTS5 by itself folds Latin accents only. */
export function fold(text: string): string {
  return text
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .normalize('NFC')
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .trim();
}

/** A tag as one token of the index, whatever characters it has. */
export const tagToken = (tag: string): string => `t${Buffer.from(fold(tag)).toString('hex')}`;

/** What is left of a name from the start of each of its words, folded, each once. */
export function nameSuffixes(name: string): readonly string[] {
  const folded = fold(name);
  const starts = folded.matchAll(/(?<![\p{L}\p{N}\p{M}])[\p{L}\p{N}]/gu);
  // A name of symbols alone has no words; it is found by its beginning.
  const suffixes = [folded, ...Array.from(starts, ({ index }) => folded.slice(index))];
  return [...new Set(suffixes)].filter((suffix) => suffix !== '');
}

/** Stands among the tags of a post for followers only; no tag is the same, as they begin with a t. */
export const followersToken = 'followers';

// What FTS5's unicode61 takes for part of a token. A term without any would match nothing, and the whole with it.
const tokenCharacter = /[\p{L}\p{N}\p{Co}]/u;

/** As a string of FTS5: nothing in it is syntax. */
const quote = (text: string): string => `"${text.replaceAll('"', '""').replaceAll('\0', ' ')}"`;

/** The MATCH expression of a query, or undefined when nothing can match. */
export function matchExpression(query: PostQuery): string | undefined {
  const inText = (terms: readonly string[]) =>
    terms.filter((term) => tokenCharacter.test(term)).map((term) => `text : ${quote(fold(term))}`);
  const inTags = (tags: readonly string[]) => tags.map((tag) => `tags : "${tagToken(tag)}"`);
  const byAuthors = (authorIds: readonly string[]) => authorIds.map((id) => `author : ${quote(id)}`);

  if (query.authorIds?.length === 0) return undefined;
  const required = [...inText(query.words), ...inText(query.phrases), ...inTags(query.tags)];
  if (query.authorIds !== undefined) required.push(`(${byAuthors(query.authorIds).join(' OR ')})`);
  if (required.length === 0) return undefined;
  const hidden = `tags : "${followersToken}"`;
  const shown = byAuthors(query.followersPostsOf).join(' OR ');
  const excluded = [
    shown === '' ? hidden : `(${hidden} NOT (${shown}))`,
    ...inText(query.notWords),
    ...inText(query.notPhrases),
    ...inTags(query.notTags),
    ...byAuthors(query.notAuthorIds),
  ];
  return `(${required.join(' AND ')}) NOT (${excluded.join(' OR ')})`;
}
