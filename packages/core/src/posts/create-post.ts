import type { Post, Visibility } from '@twite/contract';
import type { Deps } from '../engine.ts';
import { attachMedia } from '../media/attach-media.ts';
import { keepInserted } from '../media/sync-media.ts';
import { checkText } from '../text/check-text.ts';
import { unlessAway } from '../unavailable.ts';
import type { NewPost } from './post-store.ts';
import { presentPost } from './present-post.ts';
import { type ViewPostsDeps, viewPost } from './view-posts.ts';

export interface CreatePostInput {
  /** A retry passes the same id: the post is then found instead of created. */
  readonly postId: string;
  readonly authorId: string;
  readonly text: string;
  readonly visibility: Visibility;
  /** Unattached media of the author, at most four. */
  readonly mediaIds: readonly string[];
}

/**
 * Publishes a post. Depends on the primary store alone; followers get it through the event that the engine guarantees.
 * Throws `invalid_input`, `media_not_attachable`.
 */
export async function createPost(
  deps: ViewPostsDeps & Pick<Deps, 'clock' | 'settings' | 'timelines' | 'media'>,
  input: CreatePostInput,
): Promise<Post> {
  const { text, entities } = checkText(deps.settings, input.text, {
    mayBeEmpty: input.mediaIds.length > 0,
  });
  const { postId, authorId, visibility, mediaIds } = input;
  const target = { kind: 'post', postId } as const;
  const media = await attachMedia(deps, { ownerId: authorId, mediaIds, target });
  const createdAt = deps.clock.now();
  const post: NewPost = { postId, authorId, text, entities, visibility, media, createdAt };
  // Read before the post changes it: the signed-in account is cached, and its displayed fields do not change.
  const author = (await deps.accounts.findMany([authorId])).get(authorId);
  const result = await deps.posts.insert(post);
  // If this fails, the event does it.
  const kept = await unlessAway(keepInserted(deps, target, media, result), () => media);
  // Authors see their own post at once. If the cache is unavailable, the timeline is rebuilt once it recovers.
  await unlessAway(deps.timelines.push(postId, [authorId]), () => undefined);
  // Nobody can have liked or replied to a new post. A post that already existed, or whose media change, is read again.
  if (result === 'exists' || author?.status !== 'active' || kept.some(({ state }) => state !== 'ready'))
    return viewPost(deps, authorId, postId);
  return presentPost(deps, { ...post, media: kept, likeCount: 0, replyCount: 0 }, author, false);
}
