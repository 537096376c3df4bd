import type { Page, Post } from '@twite/contract';
import { getActiveAccount } from '../accounts/get-existing-account.ts';
import { fillPage, type PageRequest } from '../page.ts';
import { canSeeAuthor, loadSight } from '../visibility/sight.ts';
import { type ViewPostsDeps, viewPosts } from './view-posts.ts';

/** The posts of an account that the viewer may see, newest first. Throws `account_not_found`. */
export async function listAccountPosts(
  deps: ViewPostsDeps,
  viewerId: string | undefined,
  accountId: string,
  page: PageRequest,
): Promise<Page<Post>> {
  await getActiveAccount(deps, accountId);
  const sight = await loadSight(deps, viewerId, [accountId]);
  // Hiding each post would not do: the cursor would reveal that there are some.
  if (!canSeeAuthor(sight, accountId)) return { items: [], nextCursor: null };
  const visibility = accountId === viewerId || sight.followees.has(accountId) ? 'all' : 'public';
  return fillPage(page, {
    fetch: (before, limit) => deps.posts.listByAuthor(accountId, { before, limit, visibility }),
    cursorOf: (postId) => postId,
    view: (postIds) => viewPosts(deps, viewerId, postIds),
  });
}
