import { markMedia } from '@twite/core/events/domain-event';
import type { MediaSnapshot } from '@twite/core/media/media-record';
import type { NewPost } from '@twite/core/posts/post-store';
import { hasMedia, idsJson, mediaJson } from '../stored-media.ts';
import type { WriteContext } from '../write-context.ts';

export function insertPost(context: WriteContext, post: NewPost): 'inserted' | 'exists' {
  const { postId, authorId, text, entities, visibility, media, createdAt } = post;
  const deleted = context.get('SELECT 1 FROM deleted_posts WHERE post_id = ?', postId);
  if (deleted !== undefined) return 'exists';
  const inserted = context.run(
    `INSERT INTO posts (post_id, author_id, text, entities, visibility, media, created_at)
     VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (post_id) DO NOTHING`,
    postId,
    authorId,
    text,
    JSON.stringify(entities),
    visibility,
    mediaJson(media),
    createdAt,
  );
  if (inserted === 0) return 'exists';
  countPost(context, authorId, visibility, 1);
  context.emit({ type: 'postCreated', postId, authorId, ...markMedia(media) });
  return 'inserted';
}

export function setPostMedia(
  context: WriteContext,
  { postId, media }: { postId: string; media: readonly MediaSnapshot[] },
): boolean {
  const changed = context.run(
    `UPDATE posts SET media = ? WHERE post_id = ? AND ${hasMedia}`,
    mediaJson(media),
    postId,
    idsJson(media),
  );
  context.invalidate('posts', postId);
  return changed > 0;
}

export function deletePost(context: WriteContext, { postId }: { postId: string }): boolean {
  const post = context.get<{ authorId: string; visibility: string }>(
    'DELETE FROM posts WHERE post_id = ? RETURNING author_id AS authorId, visibility',
    postId,
  );
  if (post === undefined) return false;
  context.run('INSERT INTO deleted_posts (post_id) VALUES (?)', postId);
  countPost(context, post.authorId, post.visibility, -1);
  context.emit({ type: 'postDeleted', postId, authorId: post.authorId });
  return true;
}

function countPost(context: WriteContext, authorId: string, visibility: string, by: 1 | -1): void {
  const column = visibility === 'public' ? 'public_post_count' : 'followers_post_count';
  context.run(`UPDATE accounts SET ${column} = ${column} + ? WHERE account_id = ?`, by, authorId);
  context.invalidate('accounts', authorId);
}
