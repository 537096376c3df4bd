import type { PageBefore } from '../keyset.ts';
import type { PostRef } from '../posts/post-store.ts';
import type { NewestPosts } from './caches.ts';

/**
 * Merges the known newest posts of authors, newest first. Returns undefined when unknown posts may belong on the page.
 */
export function mergeNewestPosts(
  authors: readonly NewestPosts[],
  { before, limit }: PageBefore,
): PostRef[] | undefined {
  // Below this, some author may have unknown posts.
  let knownDownTo = '';
  const next: number[] = [];
  for (const { refs, all } of authors) {
    const oldest = refs[refs.length - 1];
    if (!all && oldest !== undefined && oldest.postId > knownDownTo) knownDownTo = oldest.postId;
    let from = 0;
    if (before !== undefined)
      while (from < refs.length && (refs[from] as PostRef).postId >= before) from += 1;
    next.push(from);
  }
  const merged: PostRef[] = [];
  while (merged.length < limit) {
    let newest: PostRef | undefined;
    let whose = -1;
    for (let author = 0; author < authors.length; author += 1) {
      const ref = authors[author]?.refs[next[author] as number];
      if (ref !== undefined && (newest === undefined || ref.postId > newest.postId)) {
        newest = ref;
        whose = author;
      }
    }
    if (newest === undefined) break;
    if (newest.postId < knownDownTo) return undefined;
    merged.push(newest);
    next[whose] = (next[whose] as number) + 1;
  }
  return merged.length === limit || knownDownTo === '' ? merged : undefined;
}
