import type { Deps } from '../engine.ts';

const chunk = 200;

/** Erases the likes and replies of a deleted post. A post that is there is left alone. */
export async function purgePost(
  deps: Pick<Deps, 'posts' | 'replies' | 'likes'>,
  postId: string,
): Promise<void> {
  if ((await deps.posts.findMany([postId])).has(postId)) return;
  while ((await deps.replies.purgeByPost(postId, chunk)) > 0);
  while ((await deps.likes.purgeBySubject('post', postId, chunk)) > 0);
}
