import { ContractError, type Page, type Post } from '@twite/contract';
import type { Engine } from '../engine.ts';
import { fillPage, type PageRequest } from '../page.ts';
import { type ViewPostsDeps, viewPosts } from '../posts/view-posts.ts';
import { MAX_SEARCH_TERMS, parseSearchQuery, type SearchQueryProblem } from '../text/parse-search-query.ts';
import type { PostQuery } from './search-index.ts';

const problemMessages: Record<SearchQueryProblem, string> = {
  too_long: 'is too long',
  too_many_terms: `must hold at most ${MAX_SEARCH_TERMS} terms`,
  nothing_to_search: 'must hold a word, "phrase", #tag or from:handle to look for',
};

async function findAccountIds(deps: Pick<Engine, 'accounts'>, handles: readonly string[]): Promise<string[]> {
  const accounts = await Promise.all(handles.map((handle) => deps.accounts.findByHandle(handle)));
  return accounts.flatMap((account) => (account ? [account.accountId] : []));
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
  const query: PostQuery = {
    ...terms,
    authorIds: from.length === 0 ? undefined : await findAccountIds(deps, from),
    notAuthorIds: await findAccountIds(deps, notFrom),
  };
  return fillPage(page, {
    fetch: (before, limit) => deps.search.searchPosts(query, { before, limit }),
    cursorOf: (postId) => postId,
    view: (postIds) => viewPosts(deps, viewerId, postIds),
  });
}
