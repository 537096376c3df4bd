import type { Follow, SettledFollows, SettleStep } from '@twite/core/follows/follow-graph';
import { aboveAllIds } from '../store.ts';
import { counts, type WriteContext } from '../write-context.ts';

export function insertFollow(context: WriteContext, follow: Follow): boolean {
  const { followId, followerId, followeeId } = follow;
  const counted = counts(context, followerId) && counts(context, followeeId);
  const inserted = context.run(
    `INSERT INTO follows (follower_id, followee_id, follow_id, counted) VALUES (?, ?, ?, ?)
     ON CONFLICT (follower_id, followee_id) DO NOTHING`,
    followerId,
    followeeId,
    followId,
    counted ? 1 : 0,
  );
  if (inserted === 0) return false;
  if (counted) countFollow(context, followerId, followeeId, 1);
  context.emit({ type: 'accountFollowed', followerId, followeeId });
  return true;
}

interface ErasedFollow {
  readonly followerId: string;
  readonly followeeId: string;
  readonly counted: 0 | 1;
}

export function deleteFollow(
  context: WriteContext,
  { followerId, followeeId }: { followerId: string; followeeId: string },
): boolean {
  const follow = context.get<ErasedFollow>(
    `DELETE FROM follows WHERE follower_id = ? AND followee_id = ?
     RETURNING follower_id AS followerId, followee_id AS followeeId, counted`,
    followerId,
    followeeId,
  );
  if (follow === undefined) return false;
  erased(context, follow);
  return true;
}

/** A follow counts only if both ends are active, so one whose other end is inactive does not change. */
const ends = ['follower_id', 'followee_id'] as const;

interface SettlingFollow {
  readonly followId: string;
  readonly followerId: string;
  readonly followeeId: string;
  readonly status: string | null;
}

/** The cursor is the column of the account, and the last follow that was read. */
export function settleFollowsByAccount(
  context: WriteContext,
  { accountId, counted, limit, cursor }: { accountId: string; counted: boolean } & SettleStep,
): SettledFollows {
  const [from, before] = cursor?.split(' ') ?? [ends[0], aboveAllIds];
  const page: SettlingFollow[] = [];
  let nextCursor: string | null = null;
  for (const end of ends.slice(from === ends[1] ? 1 : 0)) {
    const other = end === ends[0] ? ends[1] : ends[0];
    const more = context.all<SettlingFollow>(
      `SELECT follow_id AS followId, follower_id AS followerId, followee_id AS followeeId, status
       FROM follows LEFT JOIN accounts ON account_id = ${other}
       WHERE ${end} = ? AND counted = ? AND follow_id < ? ORDER BY follow_id DESC LIMIT ?`,
      accountId,
      counted ? 0 : 1,
      end === from ? (before ?? aboveAllIds) : aboveAllIds,
      limit - page.length,
    );
    page.push(...more);
    if (page.length < limit) continue;
    nextCursor = `${end} ${more.at(-1)?.followId}`;
    break;
  }
  // A follow does not count while its other account is inactive.
  const found = page.filter(({ status }) => !counted || (status ?? 'active') === 'active');
  for (const { followerId, followeeId } of found) {
    context.run(
      'UPDATE follows SET counted = ? WHERE follower_id = ? AND followee_id = ?',
      counted ? 1 : 0,
      followerId,
      followeeId,
    );
    countFollow(context, followerId, followeeId, counted ? 1 : -1);
    context.invalidate('followees', followerId);
  }
  return { changed: found.length, nextCursor };
}

export function purgeFollowsByAccount(
  context: WriteContext,
  { accountId, limit }: { accountId: string; limit: number },
): number {
  // One by one, by key: a DELETE … IN over both directions would scan the table.
  const follows = context.all<{ followerId: string; followeeId: string }>(
    `SELECT follower_id AS followerId, followee_id AS followeeId FROM follows WHERE follower_id = ?1
     UNION ALL
     SELECT follower_id, followee_id FROM follows WHERE followee_id = ?1
     LIMIT ?2`,
    accountId,
    limit,
  );
  return follows.filter((follow) => deleteFollow(context, follow)).length;
}

function erased(context: WriteContext, { followerId, followeeId, counted }: ErasedFollow): void {
  if (counted === 1) countFollow(context, followerId, followeeId, -1);
  context.emit({ type: 'accountUnfollowed', followerId, followeeId });
}

function countFollow(context: WriteContext, followerId: string, followeeId: string, by: 1 | -1): void {
  context.run(
    'UPDATE accounts SET following_count = following_count + ? WHERE account_id = ?',
    by,
    followerId,
  );
  context.run('UPDATE accounts SET follower_count = follower_count + ? WHERE account_id = ?', by, followeeId);
  context.invalidate('accounts', followerId);
  context.invalidate('accounts', followeeId);
}
