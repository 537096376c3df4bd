import type { PostQuery } from '@twite/core/search/search-index';
import { fold, wordsOf } from '@twite/core/text/search-words';

/** A tag as one token of the index, whatever characters it has. */
export const tagToken = (tag: string): string => `t${Buffer.from(fold(tag)).toString('hex')}`;

/** Stands among the tags of a post for followers only; no tag is the same, as they begin with a t. */
export const followersToken = 'followers';

/** Stands among the tags of a post with media. */
export const mediaToken = 'media';

/** A text as FTS5 gets it: its words, in which FTS5 then finds the same ones. */
export const searchable = (text: string): string => wordsOf(text).join(' ');

/** As a string of FTS5: nothing in it is syntax. */
const quote = (text: string): string => `"${text.replaceAll('"', '""').replaceAll('\0', ' ')}"`;

/** The MATCH expression of a query, or undefined when nothing can match. */
export function matchExpression(query: PostQuery): string | undefined {
  const inText = (terms: readonly string[]) =>
    // A term without words would match nothing, and the whole with it.
    terms
      .map(searchable)
      .filter((words) => words !== '')
      .map((words) => `text : ${quote(words)}`);
  const inTags = (tags: readonly string[]) => tags.map((tag) => `tags : "${tagToken(tag)}"`);
  const byAuthors = (authorIds: readonly string[]) => authorIds.map((id) => `author : ${quote(id)}`);

  const withMedia = `tags : "${mediaToken}"`;

  if (query.authorIds?.length === 0) return undefined;
  const required = [...inText(query.words), ...inText(query.phrases), ...inTags(query.tags)];
  if (query.authorIds !== undefined) required.push(`(${byAuthors(query.authorIds).join(' OR ')})`);
  if (query.hasMedia === true) required.push(withMedia);
  if (required.length === 0) return undefined;
  const hidden = `tags : "${followersToken}"`;
  const shown = byAuthors(query.followersPostsOf).join(' OR ');
  const excluded = [
    shown === '' ? hidden : `(${hidden} NOT (${shown}))`,
    ...inText(query.notWords),
    ...inText(query.notPhrases),
    ...inTags(query.notTags),
    ...byAuthors(query.notAuthorIds),
    ...(query.hasMedia === false ? [withMedia] : []),
  ];
  return `(${required.join(' AND ')}) NOT (${excluded.join(' OR ')})`;
}
