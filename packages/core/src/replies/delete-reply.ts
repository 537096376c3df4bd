import { ContractError } from '@twite/contract';
import type { Deps } from '../engine.ts';
import type { ReplyRecord } from './reply-store.ts';

/**
 * Whether the reply is by someone whom the viewer blocks, under the viewer's own post. Neither can see the other's
 * content any more, but everyone else still reads the reply there (ADR 0042).
 */
async function isUnwelcome(
  deps: Pick<Deps, 'posts' | 'blocks'>,
  viewerId: string,
  { postId, authorId }: ReplyRecord,
): Promise<boolean> {
  const post = (await deps.posts.findMany([postId])).get(postId);
  if (post?.authorId !== viewerId) return false;
  return (await deps.blocks.blockedAmong(viewerId, [authorId])).has(authorId);
}

/**
 * Deletes a reply of the viewer's own, or one under the viewer's own post by someone whom they block. Any other gives
 * `reply_not_found`.
 */
export async function deleteReply(
  deps: Pick<Deps, 'replies' | 'posts' | 'blocks'>,
  viewerId: string,
  replyId: string,
): Promise<void> {
  const reply = (await deps.replies.findMany([replyId])).get(replyId);
  const mayDelete =
    reply !== undefined && (reply.authorId === viewerId || (await isUnwelcome(deps, viewerId, reply)));
  if (!mayDelete || !(await deps.replies.delete(replyId))) throw new ContractError('reply_not_found');
}
