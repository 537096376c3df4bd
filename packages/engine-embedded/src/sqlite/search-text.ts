import type { PostDocument, PostQuery, PostTerms } from '@twite/core/search/search-index';
import { fold, wordsOf } from '@twite/core/text/search-words';

/** Encodes a tag as one token of the index, whatever characters it has. */
export const tagToken = (tag: string): string => `t${Buffer.from(fold(tag)).toString('hex')}`;

/** Marks followers-only posts in the `tags` column. It cannot collide with a tag, because tags start with a t. */
const followersToken = 'followers';

/** Marks posts with media in the `tags` column. */
const mediaToken = 'media';

/** The `tags` column of a post. */
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

/** A text in the form that FTS5 indexes and searches: its words, separated by spaces. */
export const searchable = (text: string): string => wordsOf(text).join(' ');

/** Quotes an FTS5 string, so that nothing in it is syntax. */
const quote = (text: string): string => `"${text.replaceAll('"', '""').replaceAll('\0', ' ')}"`;

const byAuthors = (authorIds: readonly string[]) => authorIds.map((id) => `author : ${quote(id)}`);

const withMedia = `tags : "${mediaToken}"`;
const forFollowers = `tags : "${followersToken}"`;

/** The expressions that a post must match, and those that it must not match. Undefined if nothing can match. */
function termExpressions(
  terms: PostTerms,
): { readonly required: readonly string[]; readonly excluded: readonly string[] } | undefined {
  const inText = (texts: readonly string[]) =>
    // A term without words would match nothing, and so would the whole query.
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

/** The MATCH expression of a query. Undefined if nothing can match. */
export function matchExpression(query: PostQuery): string | undefined {
  const terms = termExpressions(query);
  if (terms === undefined) return undefined;
  const shown = byAuthors(query.followersPostsOf).join(' OR ');
  const hidden = shown === '' ? forFollowers : `(${forFollowers} NOT (${shown}))`;
  return `(${terms.required.join(' AND ')}) NOT (${[hidden, ...terms.excluded].join(' OR ')})`;
}

/** The MATCH expression for all matching followers-only posts. Undefined if nothing can match. */
export function matchFollowersPosts(terms: PostTerms): string | undefined {
  const expressions = termExpressions(terms);
  if (expressions === undefined) return undefined;
  const { required, excluded } = expressions;
  const matching = `(${[forFollowers, ...required].join(' AND ')})`;
  return excluded.length === 0 ? matching : `${matching} NOT (${excluded.join(' OR ')})`;
}
