import type { LikeState } from '@twite/contract';
import { type LikeDeps, unlike } from './like-subject.ts';

/** Removes the viewer's like of a reply. Throws `reply_not_found`, as `unlike` does. */
export const unlikeReply = (deps: LikeDeps, viewerId: string, replyId: string): Promise<LikeState> =>
  unlike(deps, viewerId, 'reply', replyId);
