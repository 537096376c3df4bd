import { ContractError, type Page, type Post } from '@twite/contract';
import type { Engine } from '../engine.ts';
import { fillPage, type PageRequest } from '../page.ts';
import { type ViewPostsDeps, viewPosts } from '../posts/view-posts.ts';
import { MAX_SEARCH_TERMS, parseSearchQuery, type SearchQueryProblem } from '../text/parse-search-query.ts';
import { canSeeAuthor, loadSight } from '../visibility/sight.ts';
import type { PostQuery } from './search-index.ts';

const problemMessages: Record<SearchQueryProblem, string> = {
  too_long: 'is too long',
  too_many_terms: `must contain at most ${MAX_SEARCH_TERMS} terms`,
  nothing_to_search: 'must contain a word, "phrase", #tag, from:handle or has:media to look for',
};

async function findAccountIds(deps: Pick<Engine, 'accounts'>, handles: readonly string[]): Promise<string[]> {
  const accounts = await Promise.all(handles.map((handle) => deps.accounts.findByHandle(handle)));
  return accounts.flatMap((account) => (account ? [account.accountId] : []));
}

/** The accounts to look for posts of: someone whom the viewer may not see is nobody. */
async function findAuthorIds(
  deps: ViewPostsDeps,
  viewerId: string | undefined,
  handles: readonly string[],
): Promise<string[]> {
  const accountIds = await findAccountIds(deps, handles);
  const sight = await loadSight(deps, viewerId, accountIds);
  return accountIds.filter((accountId) => canSeeAuthor(sight, accountId));
}

/** Whose posts for followers the viewer may see, as far as there are any. */
async function listFollowersPostsAuthors(
  deps: ViewPostsDeps,
  viewerId: string | undefined,
  authorIds: readonly string[] | undefined,
): Promise<string[]> {
  if (viewerId === undefined) return [];
  const seen = [viewerId, ...(await deps.follows.listFolloweeIds(viewerId))];
  const accounts = await deps.accounts.findMany(
    authorIds ? seen.filter((id) => authorIds.includes(id)) : seen,
  );
  return seen.filter((accountId) => (accounts.get(accountId)?.followersPostCount ?? 0) > 0);
}

/** Searches the posts that the viewer may see, newest first. Throws `invalid_input` for a query with nothing to look for. */
export async function searchPosts(
  deps: ViewPostsDeps & Pick<Engine, 'search'>,
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
  const { from, notFrom, ...terms } = parsed.query;
  const authorIds = from.length === 0 ? undefined : await findAuthorIds(deps, viewerId, from);
  const query: PostQuery = {
    ...terms,
    authorIds,
    notAuthorIds: await findAccountIds(deps, notFrom),
    followersPostsOf: await listFollowersPostsAuthors(deps, viewerId, authorIds),
  };
  return fillPage(page, {
    fetch: (before, limit) => deps.search.searchPosts(query, { before, limit }),
    cursorOf: (postId) => postId,
    view: (postIds) => viewPosts(deps, viewerId, postIds),
  });
}
