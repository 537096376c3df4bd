import type { LikedItem, Page } from '@twite/contract';
import { fillPage, type PageRequest } from '../page.ts';
import { type ViewPostsDeps, viewPosts } from '../posts/view-posts.ts';
import { viewReplies } from '../replies/view-replies.ts';
import type { Like, LikeKind } from './like-store.ts';

/**
 * Everything that the viewer likes, newest like first. A subject that they may no longer see is listed by its id alone,
 * so that they can remove the like.
 */
export function listMyLikes(
  deps: ViewPostsDeps,
  viewerId: string,
  page: PageRequest,
): Promise<Page<LikedItem>> {
  const view = async (likes: readonly Like[]): Promise<LikedItem[]> => {
    const idsOf = (kind: LikeKind) =>
      likes.filter((like) => like.kind === kind).map(({ subjectId }) => subjectId);
    const [posts, replies] = await Promise.all([
      viewPosts(deps, viewerId, idsOf('post')),
      viewReplies(deps, viewerId, idsOf('reply')),
    ]);
    const postOf = new Map(posts.flatMap((post) => (post ? [[post.postId, post]] : [])));
    const replyOf = new Map(replies.flatMap((reply) => (reply ? [[reply.replyId, reply]] : [])));
    return likes.map(({ kind, subjectId }) => {
      if (kind === 'post') {
        const post = postOf.get(subjectId);
        return { kind, postId: subjectId, ...(post && { post }) };
      }
      const reply = replyOf.get(subjectId);
      return { kind, replyId: subjectId, ...(reply && { reply }) };
    });
  };
  return fillPage(page, {
    fetch: (before, limit) => deps.likes.listByAccount(viewerId, { before, limit }),
    cursorOf: ({ likeId }) => likeId,
    view,
  });
}
