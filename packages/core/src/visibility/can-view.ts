import type { PostRecord } from '../posts/post-store.ts';
import { canSeeAuthor, type Sight } from './sight.ts';

/**
 * Whether a viewer may see a post: the single rule for every access path. The author is active, no block stands between
 * the two in either direction, and only the author and followers see a followers-only post. No role sees more:
 * administrators act on reports, through operations of their own (ADR 0005).
 */
export function canView(sight: Sight, post: Pick<PostRecord, 'authorId' | 'visibility'>): boolean {
  if (!canSeeAuthor(sight, post.authorId)) return false;
  return (
    post.visibility === 'public' || post.authorId === sight.viewerId || sight.followees.has(post.authorId)
  );
}
