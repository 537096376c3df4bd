import type { Deps } from '../engine.ts';
import { removeMediaOfPost } from '../media/purge-media.ts';

const chunk = 200;

/** Erases the likes, replies and media of a deleted post. Has no effect on a post that exists. */
export async function purgePost(
  deps: Pick<Deps, 'posts' | 'replies' | 'likes' | 'media' | 'clock'>,
  postId: string,
): Promise<void> {
  if ((await deps.posts.findMany([postId])).has(postId)) return;
  while ((await deps.replies.purgeByPost(postId, chunk)) > 0);
  while ((await deps.likes.purgeBySubject('post', postId, chunk)) > 0);
  await removeMediaOfPost(deps, postId);
}
