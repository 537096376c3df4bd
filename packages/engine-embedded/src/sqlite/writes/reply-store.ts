import { markMedia } from '@twite/core/events/domain-event';
import type { MediaSnapshot } from '@twite/core/media/media-record';
import type { NewReply } from '@twite/core/replies/reply-store';
import { hasMedia, idsJson, mediaJson } from '../stored-media.ts';
import { counts, type WriteContext } from '../write-context.ts';

export function insertReply(context: WriteContext, reply: NewReply): 'inserted' | 'exists' {
  const { replyId, postId, parentReplyId, authorId, text, entities, media, createdAt } = reply;
  const deleted = context.get('SELECT 1 FROM deleted_replies WHERE reply_id = ?', replyId);
  if (deleted !== undefined) return 'exists';
  const counted = counts(context, authorId);
  const inserted = context.run(
    `INSERT INTO replies (reply_id, post_id, parent_reply_id, author_id, text, entities, media, created_at, counted)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (reply_id) DO NOTHING`,
    replyId,
    postId,
    parentReplyId,
    authorId,
    text,
    JSON.stringify(entities),
    mediaJson(media),
    createdAt,
    counted ? 1 : 0,
  );
  if (inserted === 0) return 'exists';
  if (counted) countReply(context, postId, 1);
  context.emit({ type: 'replyCreated', replyId, postId, authorId, ...markMedia(media) });
  return 'inserted';
}

export function setReplyMedia(
  context: WriteContext,
  { replyId, media }: { replyId: string; media: readonly MediaSnapshot[] },
): boolean {
  const changed = context.run(
    `UPDATE replies SET media = ? WHERE reply_id = ? AND ${hasMedia}`,
    mediaJson(media),
    replyId,
    idsJson(media),
  );
  context.invalidate('replies', replyId);
  return changed > 0;
}

interface ErasedReply {
  readonly replyId: string;
  readonly postId: string;
  readonly authorId: string;
  readonly counted: 0 | 1;
}

export function deleteReply(context: WriteContext, { replyId }: { replyId: string }): boolean {
  const reply = context.get<ErasedReply>(
    `DELETE FROM replies WHERE reply_id = ?
     RETURNING reply_id AS replyId, post_id AS postId, author_id AS authorId, counted`,
    replyId,
  );
  if (reply === undefined) return false;
  erased(context, reply);
  return true;
}

export function settleRepliesByAuthor(
  context: WriteContext,
  { authorId, counted, limit }: { authorId: string; counted: boolean; limit: number },
): number {
  const replies = context.all<{ replyId: string; postId: string }>(
    `SELECT reply_id AS replyId, post_id AS postId FROM replies WHERE author_id = ? AND counted = ? LIMIT ?`,
    authorId,
    counted ? 0 : 1,
    limit,
  );
  for (const { replyId, postId } of replies) {
    context.run('UPDATE replies SET counted = ? WHERE reply_id = ?', counted ? 1 : 0, replyId);
    countReply(context, postId, counted ? 1 : -1);
  }
  return replies.length;
}

export function purgeRepliesByPost(
  context: WriteContext,
  { postId, limit }: { postId: string; limit: number },
): number {
  const replies = context.all<ErasedReply>(
    `DELETE FROM replies WHERE reply_id IN (SELECT reply_id FROM replies WHERE post_id = ? LIMIT ?)
     RETURNING reply_id AS replyId, post_id AS postId, author_id AS authorId, counted`,
    postId,
    limit,
  );
  for (const reply of replies) erased(context, reply);
  return replies.length;
}

function erased(context: WriteContext, { replyId, postId, authorId, counted }: ErasedReply): void {
  context.run('INSERT INTO deleted_replies (reply_id) VALUES (?)', replyId);
  if (counted === 1) countReply(context, postId, -1);
  const likers = context.all<{ accountId: string }>(
    `DELETE FROM likes WHERE kind = 'reply' AND subject_id = ? RETURNING account_id AS accountId`,
    replyId,
  );
  for (const { accountId } of likers) context.invalidate('replyLikes', accountId);
  context.emit({ type: 'replyDeleted', replyId, postId, authorId });
}

function countReply(context: WriteContext, postId: string, by: 1 | -1): void {
  context.run('UPDATE posts SET reply_count = reply_count + ? WHERE post_id = ?', by, postId);
  context.invalidate('posts', postId);
}
