import type { estypes } from '@elastic/elasticsearch';
import type { PostQuery } from '@twite/core/search/search-index';
import { searchable, tagTerm } from './search-documents.ts';

type Query = estypes.QueryDslQueryContainer;

/** A word with signs in it is a phrase too, so words and phrases are asked for alike. One without words says nothing. */
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
function visible(followersPostsOf: readonly string[]): Query {
  const toAll: Query = { term: { visibility: { value: 'public' } } };
  if (followersPostsOf.length === 0) return toAll;
  const toFollowers: Query = {
    bool: { filter: [{ term: { visibility: { value: 'followers' } } }, byAnyOf(followersPostsOf)] },
  };
  return { bool: { should: [toAll, toFollowers], minimum_should_match: 1 } };
}

/** The query that finds the posts; undefined when nothing can match. */
export function postsBy(query: PostQuery, before: string | undefined): Query | undefined {
  const { authorIds, notAuthorIds } = query;
  if (authorIds?.length === 0) return undefined;
  const required = [...withWords(query.words), ...withWords(query.phrases), ...withTags(query.tags)];
  if (authorIds !== undefined) required.push(byAnyOf(authorIds));
  if (query.hasMedia === true) required.push(withMedia);
  if (required.length === 0) return undefined;
  if (before !== undefined) required.push({ range: { postId: { lt: before } } });
  return {
    bool: {
      filter: [...required, visible(query.followersPostsOf)],
      must_not: [
        ...withWords(query.notWords),
        ...withWords(query.notPhrases),
        ...withTags(query.notTags),
        ...(query.hasMedia === false ? [withMedia] : []),
        ...(notAuthorIds.length === 0 ? [] : [byAnyOf(notAuthorIds)]),
      ],
    },
  };
}

// Not a prefix query: that one refuses long texts. No text that begins with a prefix is above it followed by this.
const LAST_CHARACTER = '\u{10ffff}';
const startsWith = (field: string, prefix: string): Query => ({
  range: { [field]: { gte: prefix, lt: prefix + LAST_CHARACTER } },
});
const handleStarts = (prefix: string): Query => startsWith('handleKey', prefix);
const suffixStarts = (prefix: string): Query => startsWith('names.suffix', prefix);

/** Accounts by their handle, after one of them. */
export const accountsByHandle = (prefix: string, after: string, size: number): estypes.SearchRequest => ({
  query: { bool: { filter: [handleStarts(prefix)] } },
  sort: [{ handleKey: 'asc' }],
  search_after: [after],
  size,
});

/** Accounts by the first of their words that fits, after one of them; without those found by handle. */
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
