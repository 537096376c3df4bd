import type { Engine } from '../engine.ts';
import type { PageBefore } from '../keyset.ts';
import { mergeNewest } from '../timelines/merge-newest.ts';
import { canSeeAuthor, loadSight } from '../visibility/sight.ts';
import type { PostTerms } from './search-index.ts';

// Bounds on the work of one page: how many authors of hidden posts it checks, and how many authors a query names.
const authorsMax = 1_000;
const followeesAtOnce = 5_000;

type FindVisiblePostsDeps = Pick<Engine, 'search' | 'accounts' | 'blocks' | 'follows'>;

/** The authors whose followers-only posts the viewer may see, in the same order. */
async function followedAmong(
  deps: FindVisiblePostsDeps,
  viewerId: string,
  authorIds: readonly string[],
): Promise<string[]> {
  if (authorIds.length === 0) return [];
  const followees = await deps.follows.followeesAmong(viewerId, authorIds);
  const followed = authorIds.filter((authorId) => followees.has(authorId));
  // Reads the accounts of these authors only, not of all matching authors.
  const sight = await loadSight(deps, viewerId, followed);
  return followed.filter((authorId) => canSeeAuthor(sight, authorId));
}

/**
 * The ids of matching posts of any author that a viewer may see, newest first. The caller must handle changes that the
 * index does not know yet. Followers-only posts that the viewer may not see affect only how long this takes, never the
 * result: otherwise cursors and short pages would reveal what such posts contain (ADR 0062).
 */
export async function findVisiblePosts(
  deps: FindVisiblePostsDeps,
  viewerId: string,
  terms: PostTerms,
  page: PageBefore,
): Promise<readonly string[]> {
  const search = (followersPostsOf: readonly string[]) =>
    deps.search.searchPosts({ ...terms, followersPostsOf }, page);
  const ownAndPublic = await search([viewerId]);
  // Followers-only posts that are older than a full page of these are not part of the page.
  const after = ownAndPublic.length < page.limit ? undefined : ownAndPublic.at(-1);
  const authors = await deps.search.findFollowersPostAuthors(
    { ...terms, notAuthorIds: [...terms.notAuthorIds, viewerId] },
    { before: page.before, after, limit: authorsMax },
  );
  const followed = await followedAmong(deps, viewerId, authors.authorIds);
  // Each author contributes a post that is newer than all posts of later authors.
  const enough = followed.slice(0, page.limit);
  if (authors.isComplete && enough.length === 0) return ownAndPublic;
  if (authors.isComplete || enough.length === page.limit) return search([viewerId, ...enough]);

  const followeeIds = await deps.follows.listFolloweeIds(viewerId);
  let found = ownAndPublic;
  for (let start = 0; start < followeeIds.length; start += followeesAtOnce) {
    const more = await search(followeeIds.slice(start, start + followeesAtOnce));
    found = mergeNewest(found, more, page.limit);
  }
  return found;
}
