import type { Account, Page } from '@twite/contract';
import { viewAccounts } from '../accounts/present-account.ts';
import { fillPage, type PageRequest } from '../page.ts';
import { type ViewPostsDeps, viewPost } from '../posts/view-posts.ts';

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
