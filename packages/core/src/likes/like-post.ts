import type { LikeState } from '@twite/contract';
import { type LikeDeps, like } from './like-subject.ts';

/** Likes a post that the viewer may see. Idempotent. Throws `post_not_found`. */
export const likePost = (deps: LikeDeps, viewerId: string, postId: string): Promise<LikeState> =>
  like(deps, viewerId, 'post', postId);
