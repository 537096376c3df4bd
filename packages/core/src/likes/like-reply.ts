import type { LikeState } from '@twite/contract';
import { type LikeDeps, like } from './like-subject.ts';

/** Likes a reply that the viewer may see. Idempotent. Throws `reply_not_found`. */
export const likeReply = (deps: LikeDeps, viewerId: string, replyId: string): Promise<LikeState> =>
  like(deps, viewerId, 'reply', replyId);
