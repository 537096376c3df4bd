import { contractLimits, type PostWithReplies } from '@twite/contract';
import { listReplies } from '../replies/list-replies.ts';
import { type ViewPostsDeps, viewPost } from './view-posts.ts';

/** A post, with the first page of its replies if requested. Throws `post_not_found`. */
export async function getPost(
  deps: ViewPostsDeps,
  viewerId: string | undefined,
  postId: string,
  include?: 'replies' | undefined,
): Promise<PostWithReplies> {
  const post = await viewPost(deps, viewerId, postId);
  if (include === undefined) return post;
  const replies = await listReplies(deps, viewerId, postId, { limit: contractLimits.pageSizeDefault });
  return { ...post, replies };
}
