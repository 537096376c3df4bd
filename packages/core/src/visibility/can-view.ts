import type { PostRecord } from '../posts/post-store.ts';
import { canSeeAuthor, type Sight } from './sight.ts';

/**
 * Whether a viewer may see a post: the one rule behind every way to it. The author is active, no block stands between
 * the two in either direction, and a post for followers is seen by its author and followers only. No role sees more:
 * administrators act on reports, through operations of their own (ADR 0005).
 */
export function canView(sight: Sight, post: Pick<PostRecord, 'authorId' | 'visibility'>): boolean {
  if (!canSeeAuthor(sight, post.authorId)) return false;
  return (
    post.visibility === 'public' || post.authorId === sight.viewerId || sight.followees.has(post.authorId)
  );
}
