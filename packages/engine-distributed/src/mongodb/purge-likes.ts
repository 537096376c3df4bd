import type { Invalidation } from '@twite/core/caching/invalidation';
import type { LikeKind } from '@twite/core/likes/like-store';
import type { LikeDoc } from './documents.ts';
import type { MongoContext } from './mongo-context.ts';
import { bounded } from './reads.ts';

export const likeMark = ({ kind, accountId }: Pick<LikeDoc, 'kind' | 'accountId'>): Invalidation => [
  kind === 'post' ? 'postLikes' : 'replyLikes',
  accountId,
];

/**
 * Erases at most `limit` likes of deleted posts or replies, whose counts no longer matter. Returns how many it erased.
 */
export async function purgeLikesOf(
  { collections: { likes }, invalidate }: Pick<MongoContext, 'collections' | 'invalidate'>,
  kind: LikeKind,
  subjectIds: readonly string[],
  limit: number,
): Promise<number> {
  const found = await likes
    .find(
      { subjectId: { $in: [...subjectIds] }, kind },
      { ...bounded, projection: { kind: 1, accountId: 1 } },
    )
    .limit(limit)
    .toArray();
  if (found.length === 0) return 0;
  await likes.deleteMany({ _id: { $in: found.map(({ _id }) => _id) } });
  await invalidate(found.map(likeMark));
  return found.length;
}
