import { ContractError, type Page, type Post } from '@twite/contract';
import type { Engine } from '../engine.ts';
import { fillPage, type PageRequest } from '../page.ts';
import { type ViewPostsDeps, viewPosts } from '../posts/view-posts.ts';
import { MAX_SEARCH_TERMS, parseSearchQuery, type SearchQueryProblem } from '../text/parse-search-query.ts';
import { canSeeAuthor, loadSight } from '../visibility/sight.ts';
import { findVisiblePosts } from './find-visible-posts.ts';
import type { PostTerms } from './search-index.ts';

type SearchPostsDeps = ViewPostsDeps & Pick<Engine, 'search'>;

const problemMessages: Record<SearchQueryProblem, string> = {
  too_long: 'is too long',
  too_many_terms: `must contain at most ${MAX_SEARCH_TERMS} terms`,
  nothing_to_search: 'must contain a word, "phrase", #tag, from:handle or has:media to look for',
};

async function findAccountIds(deps: Pick<Engine, 'accounts'>, handles: readonly string[]): Promise<string[]> {
  if (handles.length === 0) return [];
  const accounts = await deps.accounts.findManyByHandle(handles);
  return accounts.map(({ accountId }) => accountId);
}

type FetchPosts = (before: string | undefined, limit: number) => Promise<readonly string[]>;

/** Searches the posts of some authors. An author whom the viewer may not see is ignored. */
async function searchByAuthors(
  deps: SearchPostsDeps,
  viewerId: string | undefined,
  terms: PostTerms,
  handles: readonly string[],
): Promise<FetchPosts> {
  const sight = await loadSight(deps, viewerId, await findAccountIds(deps, handles));
  const authorIds = [...sight.authors.keys()].filter((authorId) => canSeeAuthor(sight, authorId));
  const followersPostsOf = authorIds.filter(
    (authorId) => authorId === viewerId || sight.followees.has(authorId),
  );
  const query = { ...terms, authorIds, followersPostsOf };
  return (before, limit) => deps.search.searchPosts(query, { before, limit });
}

function searchByAnyone(deps: SearchPostsDeps, viewerId: string | undefined, terms: PostTerms): FetchPosts {
  if (viewerId === undefined) {
    const query = { ...terms, followersPostsOf: [] };
    return (before, limit) => deps.search.searchPosts(query, { before, limit });
  }
  return (before, limit) => findVisiblePosts(deps, viewerId, terms, { before, limit });
}

/**
 * Searches the posts that the viewer may see, newest first. Throws `invalid_input` for a query without anything to
 * search for.
 */
export async function searchPosts(
  deps: SearchPostsDeps,
  viewerId: string | undefined,
  q: string,
  page: PageRequest,
): Promise<Page<Post>> {
  const parsed = parseSearchQuery(q);
  if (!parsed.ok) {
    throw new ContractError('invalid_input', {
      errors: [{ in: 'query', path: 'q', code: parsed.reason, message: problemMessages[parsed.reason] }],
    });
  }
  const { from, notFrom, ...rest } = parsed.query;
  const terms = { ...rest, authorIds: undefined, notAuthorIds: await findAccountIds(deps, notFrom) };
  const fetch =
    from.length === 0
      ? searchByAnyone(deps, viewerId, terms)
      : await searchByAuthors(deps, viewerId, terms, from);
  return fillPage(page, {
    fetch,
    cursorOf: (postId) => postId,
    view: (postIds) => viewPosts(deps, viewerId, postIds),
  });
}
