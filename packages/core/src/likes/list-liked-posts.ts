import type { Page, Post } from '@twite/contract';
import { getActiveAccount } from '../accounts/get-existing-account.ts';
import { fillPage, type PageRequest } from '../page.ts';
import { type ViewPostsDeps, viewPosts } from '../posts/view-posts.ts';
import { canSeeAuthor, loadSight } from '../visibility/sight.ts';

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
