import { ContractError, type Reply } from '@twite/contract';
import type { Deps } from '../engine.ts';
import { attachMedia } from '../media/attach-media.ts';
import { keepInserted } from '../media/sync-media.ts';
import { type ViewPostsDeps, viewPost } from '../posts/view-posts.ts';
import { checkText } from '../text/check-text.ts';
import { unlessAway } from '../unavailable.ts';
import { getReply } from './get-reply.ts';

export interface CreateReplyInput {
  /** A retry passes the same id: the reply is then found instead of created. */
  readonly replyId: string;
  readonly postId: string;
  readonly parentReplyId?: string | undefined;
  readonly authorId: string;
  readonly text: string;
  /** Unattached media of the author, at most four. */
  readonly mediaIds: readonly string[];
}

/**
 * Replies to a post that the author can see. Throws `post_not_found`, `reply_not_found` for the parent,
 * `invalid_input`, `media_not_attachable`.
 */
export async function createReply(
  deps: ViewPostsDeps & Pick<Deps, 'clock' | 'settings' | 'media'>,
  input: CreateReplyInput,
): Promise<Reply> {
  const { text, entities } = checkText(deps.settings, input.text, {
    mayBeEmpty: input.mediaIds.length > 0,
  });
  const { replyId, postId, authorId, parentReplyId = null, mediaIds } = input;
  await viewPost(deps, authorId, postId);
  if (parentReplyId !== null) {
    const parent = await getReply(deps, authorId, parentReplyId);
    if (parent.postId !== postId) throw new ContractError('reply_not_found');
  }
  const target = { kind: 'reply', postId, replyId } as const;
  const media = await attachMedia(deps, { ownerId: authorId, mediaIds, target });
  const createdAt = deps.clock.now();
  const reply = { replyId, postId, parentReplyId, authorId, text, entities, media, createdAt };
  const result = await deps.replies.insert(reply);
  // If this fails, the event does it.
  await unlessAway(keepInserted(deps, target, media, result), () => media);
  return getReply(deps, authorId, replyId);
}
