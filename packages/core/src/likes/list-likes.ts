import type { Account, Page, Post } from '@twite/contract';
import { getActiveAccount } from '../accounts/get-account.ts';
import { viewAccounts } from '../accounts/present-account.ts';
import { fillPage, type PageRequest } from '../page.ts';
import { type ViewPostsDeps, viewPost, viewPosts } from '../posts/view-posts.ts';
import { canSeeAuthor, loadSight } from '../visibility/sight.ts';

/** The accounts that like a post, newest like first. Matches its likeCount. Throws `post_not_found`. */
export async function listPostLikes(
  deps: ViewPostsDeps,
  viewerId: string | undefined,
  postId: string,
  page: PageRequest,
): Promise<Page<Account>> {
  await viewPost(deps, viewerId, postId);
  return fillPage(page, {
    fetch: (before, limit) => deps.likes.listByPost(postId, { before, limit }),
    cursorOf: (like) => like.likeId,
    view: (likes) =>
      viewAccounts(
        deps,
        viewerId,
        likes.map((like) => like.accountId),
      ),
  });
}

/** The posts that an account likes and that the viewer may see, newest like first. Throws `account_not_found`. */
export async function listLikedPosts(
  deps: ViewPostsDeps,
  viewerId: string | undefined,
  accountId: string,
  page: PageRequest,
): Promise<Page<Post>> {
  await getActiveAccount(deps, accountId);
  const sight = await loadSight(deps, viewerId, [accountId]);
  if (!canSeeAuthor(sight, accountId)) return { items: [], nextCursor: null };
  return fillPage(page, {
    fetch: (before, limit) => deps.likes.listPostsByAccount(accountId, { before, limit }),
    cursorOf: (like) => like.likeId,
    view: (likes) =>
      viewPosts(
        deps,
        viewerId,
        likes.map((like) => like.subjectId),
      ),
  });
}
