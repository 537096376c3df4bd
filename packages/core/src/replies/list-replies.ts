import type { Page, Reply } from '@twite/contract';
import { fillPage, type PageRequest } from '../page.ts';
import { type ViewPostsDeps, viewPost } from '../posts/view-posts.ts';
import { viewReplies } from './view-replies.ts';

/** The replies to a post that the viewer may see, oldest first. Throws `post_not_found`. */
export async function listReplies(
  deps: ViewPostsDeps,
  viewerId: string | undefined,
  postId: string,
  page: PageRequest,
): Promise<Page<Reply>> {
  await viewPost(deps, viewerId, postId);
  return fillPage(page, {
    fetch: (after, limit) => deps.replies.listByPost(postId, { after, limit }),
    cursorOf: (replyId) => replyId,
    view: (replyIds) => viewReplies(deps, viewerId, replyIds),
  });
}
