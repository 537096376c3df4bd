import type { LikeState } from '@twite/contract';
import { type LikeDeps, unlike } from './like-subject.ts';

/** Removes the viewer's like of a post. Throws `post_not_found`, as `unlike` does. */
export const unlikePost = (deps: LikeDeps, viewerId: string, postId: string): Promise<LikeState> =>
  unlike(deps, viewerId, 'post', postId);
