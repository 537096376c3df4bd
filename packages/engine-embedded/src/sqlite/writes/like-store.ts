import type { DomainEvent } from '@twite/core/events/domain-event';
import type { Like, LikeKind } from '@twite/core/likes/like-store';
import { counts, type WriteContext } from '../write-context.ts';

export function addLike(context: WriteContext, like: Like): boolean {
  const { likeId, accountId, kind, subjectId } = like;
  const subject =
    kind === 'post'
      ? context.get('SELECT 1 FROM posts WHERE post_id = ?', subjectId)
      : context.get('SELECT 1 FROM replies WHERE reply_id = ?', subjectId);
  if (subject === undefined) return false;
  const counted = counts(context, accountId);
  const added = context.run(
    `INSERT INTO likes (account_id, kind, subject_id, like_id, counted) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (account_id, kind, subject_id) DO NOTHING`,
    accountId,
    kind,
    subjectId,
    likeId,
    counted ? 1 : 0,
  );
  if (added === 0) return false;
  if (counted) countLike(context, kind, subjectId, 1);
  context.emit(
    kind === 'post'
      ? { type: 'postLiked', postId: subjectId, accountId }
      : { type: 'replyLiked', replyId: subjectId, accountId },
  );
  return true;
}

interface ErasedLike {
  readonly accountId: string;
  readonly kind: LikeKind;
  readonly subjectId: string;
  readonly counted: 0 | 1;
}

export function removeLike(
  context: WriteContext,
  { accountId, kind, subjectId }: { accountId: string; kind: LikeKind; subjectId: string },
): boolean {
  const like = context.get<ErasedLike>(
    `DELETE FROM likes WHERE account_id = ? AND kind = ? AND subject_id = ?
     RETURNING account_id AS accountId, kind, subject_id AS subjectId, counted`,
    accountId,
    kind,
    subjectId,
  );
  if (like === undefined) return false;
  erased(context, like);
  context.emit(unliked(like));
  return true;
}

export function settleLikesByAccount(
  context: WriteContext,
  { accountId, counted, limit }: { accountId: string; counted: boolean; limit: number },
): number {
  const likes = context.all<{ kind: LikeKind; subjectId: string }>(
    'SELECT kind, subject_id AS subjectId FROM likes WHERE account_id = ? AND counted = ? LIMIT ?',
    accountId,
    counted ? 0 : 1,
    limit,
  );
  for (const { kind, subjectId } of likes) {
    context.run(
      'UPDATE likes SET counted = ? WHERE account_id = ? AND kind = ? AND subject_id = ?',
      counted ? 1 : 0,
      accountId,
      kind,
      subjectId,
    );
    countLike(context, kind, subjectId, counted ? 1 : -1);
  }
  return likes.length;
}

export function purgeLikesByAccount(
  context: WriteContext,
  { accountId, limit }: { accountId: string; limit: number },
): number {
  const likes = context.all<ErasedLike>(
    `DELETE FROM likes
     WHERE (account_id, kind, subject_id) IN
       (SELECT account_id, kind, subject_id FROM likes WHERE account_id = ? LIMIT ?)
     RETURNING account_id AS accountId, kind, subject_id AS subjectId, counted`,
    accountId,
    limit,
  );
  for (const like of likes) {
    erased(context, like);
    context.emit(unliked(like));
  }
  return likes.length;
}

export function purgeLikesBySubject(
  context: WriteContext,
  { kind, subjectId, limit }: { kind: LikeKind; subjectId: string; limit: number },
): number {
  const likes = context.all<ErasedLike>(
    `DELETE FROM likes
     WHERE (account_id, kind, subject_id) IN
       (SELECT account_id, kind, subject_id FROM likes WHERE kind = ? AND subject_id = ? LIMIT ?)
     RETURNING account_id AS accountId, kind, subject_id AS subjectId, counted`,
    kind,
    subjectId,
    limit,
  );
  // No events: the likes were erased with their subject, whose deletion had an event.
  for (const like of likes) erased(context, like);
  return likes.length;
}

function erased(context: WriteContext, { accountId, kind, subjectId, counted }: ErasedLike): void {
  if (counted === 1) countLike(context, kind, subjectId, -1);
  invalidateMarks(context, kind, accountId);
}

const unliked = ({ accountId, kind, subjectId }: ErasedLike): DomainEvent =>
  kind === 'post'
    ? { type: 'postUnliked', postId: subjectId, accountId }
    : { type: 'replyUnliked', replyId: subjectId, accountId };

function countLike(context: WriteContext, kind: LikeKind, subjectId: string, by: 1 | -1): void {
  if (kind === 'post') {
    context.run('UPDATE posts SET like_count = like_count + ? WHERE post_id = ?', by, subjectId);
    context.invalidate('posts', subjectId);
  } else {
    context.run('UPDATE replies SET like_count = like_count + ? WHERE reply_id = ?', by, subjectId);
    context.invalidate('replies', subjectId);
  }
}

function invalidateMarks(context: WriteContext, kind: LikeKind, accountId: string): void {
  context.invalidate(kind === 'post' ? 'postLikes' : 'replyLikes', accountId);
}
