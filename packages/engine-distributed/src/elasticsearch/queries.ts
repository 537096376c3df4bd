import type { estypes } from '@elastic/elasticsearch';
import type { Visibility } from '@twite/contract';
import type { PostQuery, PostRange, PostTerms } from '@twite/core/search/search-index';
import { searchable, tagTerm } from './search-documents.ts';

type Query = estypes.QueryDslQueryContainer;

/**
 * A word that contains signs is a phrase too, so words and phrases are queried alike. A term without words is ignored.
 */
const withWords = (terms: readonly string[]): Query[] =>
  terms
    .map(searchable)
    .filter((words) => words !== '')
    .map((words) => ({ match_phrase: { words } }));

const withTags = (tags: readonly string[]): Query[] =>
  tags.map((tag) => ({ term: { tags: { value: tagTerm(tag) } } }));

const withMedia: Query = { term: { hasMedia: { value: true } } };

const byAnyOf = (authorIds: readonly string[]): Query => ({ terms: { authorId: [...authorIds] } });

// Tombstones have no visibility, so they are never found.
const withVisibility = (visibility: Visibility): Query => ({ term: { visibility: { value: visibility } } });

function visible(followersPostsOf: readonly string[]): Query {
  const toAll = withVisibility('public');
  if (followersPostsOf.length === 0) return toAll;
  const toFollowers: Query = { bool: { filter: [withVisibility('followers'), byAnyOf(followersPostsOf)] } };
  return { bool: { should: [toAll, toFollowers], minimum_should_match: 1 } };
}

function postsWith(terms: PostTerms, { before, after }: PostRange, audience: Query): Query | undefined {
  const { authorIds, notAuthorIds } = terms;
  if (authorIds?.length === 0) return undefined;
  const required = [...withWords(terms.words), ...withWords(terms.phrases), ...withTags(terms.tags)];
  if (authorIds !== undefined) required.push(byAnyOf(authorIds));
  if (terms.hasMedia === true) required.push(withMedia);
  if (required.length === 0) return undefined;
  if (before !== undefined) required.push({ range: { postId: { lt: before } } });
  if (after !== undefined) required.push({ range: { postId: { gt: after } } });
  return {
    bool: {
      filter: [...required, audience],
      must_not: [
        ...withWords(terms.notWords),
        ...withWords(terms.notPhrases),
        ...withTags(terms.notTags),
        ...(terms.hasMedia === false ? [withMedia] : []),
        ...(notAuthorIds.length === 0 ? [] : [byAnyOf(notAuthorIds)]),
      ],
    },
  };
}

/** The query that finds the posts; undefined when nothing can match. */
export const postsBy = (query: PostQuery, before: string | undefined): Query | undefined =>
  postsWith(query, { before }, visible(query.followersPostsOf));

/** The newest matching followers-only post of each author; undefined when nothing can match. */
export function followersPostsByAuthor(
  terms: PostTerms,
  range: PostRange,
  size: number,
): estypes.SearchRequest | undefined {
  const query = postsWith(terms, range, withVisibility('followers'));
  // No two posts have the same id: the author is a sort value only so that the hit includes it.
  const sort: estypes.Sort = [{ postId: 'desc' }, { authorId: 'asc' }];
  return query && { query, collapse: { field: 'authorId' }, sort, size };
}

// Not a prefix query, which rejects long texts. No text that starts with a prefix is above the prefix followed by this.
const LAST_CHARACTER = '\u{10ffff}';
const startsWith = (field: string, prefix: string): Query => ({
  range: { [field]: { gte: prefix, lt: prefix + LAST_CHARACTER } },
});
const handleStarts = (prefix: string): Query => startsWith('handleKey', prefix);
const suffixStarts = (prefix: string): Query => startsWith('names.suffix', prefix);

/** Accounts by handle, after a given one. */
export const accountsByHandle = (prefix: string, after: string, size: number): estypes.SearchRequest => ({
  query: { bool: { filter: [handleStarts(prefix)] } },
  sort: [{ handleKey: 'asc' }],
  search_after: [after],
  size,
});

/** Accounts by their first matching word, after a given one; without those found by handle. */
export const accountsByName = (
  prefix: string,
  after: readonly [suffix: string, accountId: string] | undefined,
  size: number,
): estypes.SearchRequest => ({
  query: {
    bool: {
      filter: [{ nested: { path: 'names', query: suffixStarts(prefix) } }],
      must_not: [handleStarts(prefix)],
    },
  },
  sort: [
    {
      'names.suffix': { order: 'asc', mode: 'min', nested: { path: 'names', filter: suffixStarts(prefix) } },
    },
    { accountId: 'asc' },
  ],
  ...(after === undefined ? {} : { search_after: [...after] }),
  size,
});
