import { ContractError, type Reply } from '@twite/contract';
import type { ViewPostsDeps } from '../posts/view-posts.ts';
import { viewReplies } from './view-replies.ts';

/** One reply, or `reply_not_found`. */
export async function getReply(
  deps: ViewPostsDeps,
  viewerId: string | undefined,
  replyId: string,
): Promise<Reply> {
  const [reply] = await viewReplies(deps, viewerId, [replyId]);
  if (!reply) throw new ContractError('reply_not_found');
  return reply;
}
