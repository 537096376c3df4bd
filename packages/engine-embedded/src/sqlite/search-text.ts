import type { PostDocument, PostQuery, PostTerms } from '@twite/core/search/search-index';
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

const byAuthors = (authorIds: readonly string[]) => authorIds.map((id) => `author : ${quote(id)}`);

const withMedia = `tags : "${mediaToken}"`;
const forFollowers = `tags : "${followersToken}"`;

/** The expressions that a post has to match, and those that it must not; undefined when nothing can match. */
function termExpressions(
  terms: PostTerms,
): { readonly required: readonly string[]; readonly excluded: readonly string[] } | undefined {
  const inText = (texts: readonly string[]) =>
    // A term without words would match nothing, and the whole with it.
    texts
      .map(searchable)
      .filter((words) => words !== '')
      .map((words) => `text : ${quote(words)}`);
  const inTags = (tags: readonly string[]) => tags.map((tag) => `tags : "${tagToken(tag)}"`);

  if (terms.authorIds?.length === 0) return undefined;
  const required = [...inText(terms.words), ...inText(terms.phrases), ...inTags(terms.tags)];
  if (terms.authorIds !== undefined) required.push(`(${byAuthors(terms.authorIds).join(' OR ')})`);
  if (terms.hasMedia === true) required.push(withMedia);
  if (required.length === 0) return undefined;
  const excluded = [
    ...inText(terms.notWords),
    ...inText(terms.notPhrases),
    ...inTags(terms.notTags),
    ...byAuthors(terms.notAuthorIds),
    ...(terms.hasMedia === false ? [withMedia] : []),
  ];
  return { required, excluded };
}

/** The MATCH expression of a query, or undefined when nothing can match. */
export function matchExpression(query: PostQuery): string | undefined {
  const terms = termExpressions(query);
  if (terms === undefined) return undefined;
  const shown = byAuthors(query.followersPostsOf).join(' OR ');
  const hidden = shown === '' ? forFollowers : `(${forFollowers} NOT (${shown}))`;
  return `(${terms.required.join(' AND ')}) NOT (${[hidden, ...terms.excluded].join(' OR ')})`;
}

/** The MATCH expression of all followers-only posts that match, or undefined when nothing can match. */
export function matchFollowersPosts(terms: PostTerms): string | undefined {
  const expressions = termExpressions(terms);
  if (expressions === undefined) return undefined;
  const { required, excluded } = expressions;
  const matching = `(${[forFollowers, ...required].join(' AND ')})`;
  return excluded.length === 0 ? matching : `${matching} NOT (${excluded.join(' OR ')})`;
}
