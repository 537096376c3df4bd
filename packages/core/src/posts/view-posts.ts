import { ContractError, type Post } from '@twite/contract';
import type { AccountRecord } from '../accounts/account-store.ts';
import type { Deps, Engine } from '../engine.ts';
import { canView } from '../visibility/can-view.ts';
import { loadSight, type Sight } from '../visibility/sight.ts';
import type { PostRecord } from './post-store.ts';
import { presentPost } from './present-post.ts';

export type ViewPostsDeps = Pick<Engine, 'posts' | 'replies' | 'likes' | 'accounts' | 'blocks' | 'follows'> &
  Pick<Deps, 'mediaUrl'>;

/** A rule of one list in addition to `canView`, such as the home timeline's. */
export type ListRule = (sight: Sight, post: PostRecord) => boolean;

/** Loads, filters and presents posts in the order of their ids; undefined where the viewer may not see one. */
export async function viewPosts(
  deps: ViewPostsDeps,
  viewerId: string | undefined,
  postIds: readonly string[],
  rule?: ListRule,
): Promise<(Post | undefined)[]> {
  const found = await deps.posts.findMany(postIds);
  const authorIds = new Set<string>();
  for (const post of found.values()) authorIds.add(post.authorId);
  const sight = await loadSight(deps, viewerId, [...authorIds]);
  const liked = viewerId === undefined ? undefined : await deps.likes.likedAmong(viewerId, 'post', postIds);
  return postIds.map((postId) => {
    const post = found.get(postId);
    if (!post || !canView(sight, post) || (rule && !rule(sight, post))) return undefined;
    return presentPost(
      deps,
      post,
      sight.authors.get(post.authorId) as AccountRecord,
      liked?.has(postId) ?? false,
    );
  });
}

/** One post, or `post_not_found`, which does not distinguish a hidden post from a nonexistent one. */
export async function viewPost(
  deps: ViewPostsDeps,
  viewerId: string | undefined,
  postId: string,
): Promise<Post> {
  const [post] = await viewPosts(deps, viewerId, [postId]);
  if (!post) throw new ContractError('post_not_found');
  return post;
}
