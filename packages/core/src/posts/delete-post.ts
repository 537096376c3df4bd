import { ContractError } from '@twite/contract';
import type { Deps } from '../engine.ts';

/** Deletes a post of the viewer's own. Any other gives `post_not_found`. */
export async function deletePost(deps: Pick<Deps, 'posts'>, viewerId: string, postId: string): Promise<void> {
  const post = (await deps.posts.findMany([postId])).get(postId);
  if (post?.authorId !== viewerId || !(await deps.posts.delete(postId)))
    throw new ContractError('post_not_found');
}
