import type { PostDocument, PostQuery } from '@twite/core/search/search-index';
import { fold, wordsOf } from '@twite/core/text/search-words';

/** A tag as one token of the index, whatever characters it has. */
export const tagToken = (tag: string): string => `t${Buffer.from(fold(tag)).toString('hex')}`;

/** Stands among the tags of a post for followers only. No tag is the same: they begin with a t. */
const followersToken = 'followers';

/** Stands among the tags of a post with media. */
const mediaToken = 'media';

/** The column `tags` of a post. */
export function tagTokens({
  tags,
  visibility,
  hasMedia,
}: Pick<PostDocument, 'tags' | 'visibility' | 'hasMedia'>): string {
  const tokens = tags.map(tagToken);
  if (visibility === 'followers') tokens.push(followersToken);
  if (hasMedia) tokens.push(mediaToken);
  return tokens.join(' ');
}

/** A text as FTS5 indexes it and searches for it: its words, separated by blanks. */
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
