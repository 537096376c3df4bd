import { ContractError, type Post, type Visibility } from '@twite/contract';
import type { Deps } from '../engine.ts';
import { checkText } from '../text/check-text.ts';
import { type ViewPostsDeps, viewPost } from './view-posts.ts';

export interface CreatePostInput {
  /** Given anew on a retry: the post is then found instead of made. */
  readonly postId: string;
  readonly authorId: string;
  readonly text: string;
  readonly visibility: Visibility;
}

/** Posts. Depends on the primary store alone; followers get it through the event that the engine promises. */
export async function createPost(
  deps: ViewPostsDeps & Pick<Deps, 'clock' | 'settings' | 'timelines'>,
  input: CreatePostInput,
): Promise<Post> {
  const { text, entities } = checkText(deps.settings, input.text);
  const { postId, authorId, visibility } = input;
  await deps.posts.insert({ postId, authorId, text, entities, visibility, createdAt: deps.clock.now() });
  // Authors see their own post at once. Should the cache be away, the timeline is rebuilt when it is back.
  await deps.timelines.push(postId, [authorId]).catch(() => undefined);
  return viewPost(deps, authorId, postId);
}

/** Deletes a post of the viewer's own; any other answers `post_not_found`. */
export async function deletePost(deps: Pick<Deps, 'posts'>, viewerId: string, postId: string): Promise<void> {
  const post = (await deps.posts.findMany([postId])).get(postId);
  if (post?.authorId !== viewerId || !(await deps.posts.delete(postId)))
    throw new ContractError('post_not_found');
}
