import { ContractError, type Page, type Post } from '@twite/contract';
import type { Deps } from '../engine.ts';
import { fillPage, type PageRequest } from '../page.ts';
import { type ListRule, type ViewPostsDeps, viewPosts } from '../posts/view-posts.ts';

const nobody: ReadonlySet<string> = new Set();

/**
 * The public posts of all accounts, newest first. Excludes what the viewer may not see and accounts that they mute.
 * Throws `public_timeline_off` if the operator turned it off.
 */
export async function getPublicTimeline(
  deps: ViewPostsDeps & Pick<Deps, 'mutes' | 'settings'>,
  viewerId: string | undefined,
  page: PageRequest,
): Promise<Page<Post>> {
  if (!deps.settings.publicTimeline) throw new ContractError('public_timeline_off');
  const muted = viewerId === undefined ? nobody : await deps.mutes.mutedBy(viewerId);
  const isUnmuted: ListRule = (_sight, { authorId }) => !muted.has(authorId);
  return fillPage(page, {
    fetch: (before, limit) => deps.posts.listPublic({ before, limit }),
    cursorOf: ({ postId }) => postId,
    view: (refs) =>
      viewPosts(
        deps,
        viewerId,
        refs.map(({ postId }) => postId),
        isUnmuted,
      ),
  });
}
