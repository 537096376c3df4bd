import type { Recommendation } from '@twite/core/recommendations/recommendation-graph';
import type { Statements } from '../statements.ts';
import { aboveAllIds } from '../store.ts';

// Limits a query to about 100 ms.
const FOLLOWEES_MAX = 1_000;
const FOLLOWEES_OF_ONE_MAX = 1_000;
const EDGES_MAX = 100_000;

const COMMON_IDS_MAX = 3;

interface Common {
  count: number;
  readonly firstIds: string[];
}

export function recommend(
  read: Statements,
  {
    accountId,
    excludedIds,
    limit,
  }: { readonly accountId: string; readonly excludedIds: ReadonlySet<string>; readonly limit: number },
): readonly Recommendation[] {
  const common = commonFollowees(read, accountId);
  for (const followeeId of read.column<string>(
    'SELECT followee_id FROM follows WHERE follower_id = ?',
    accountId,
  )) {
    common.delete(followeeId);
  }
  common.delete(accountId);
  for (const excludedId of excludedIds) common.delete(excludedId);

  const ranked = [...common].sort(
    ([idA, a], [idB, b]) => b.count - a.count || (idA < idB ? 1 : idA > idB ? -1 : 0),
  );
  const recommended: Recommendation[] = [];
  for (const [candidateId, { count, firstIds }] of ranked) {
    if (recommended.length >= limit) break;
    if (!isActive(read, candidateId)) continue;
    recommended.push({
      accountId: candidateId,
      commonFolloweeCount: count,
      commonFolloweeIds: firstIds,
    });
  }
  return recommended;
}

/** All accounts that a followee follows, with those followees. */
function commonFollowees(read: Statements, accountId: string): Map<string, Common> {
  const common = new Map<string, Common>();
  let edges = 0;
  for (const followeeId of newestFollowees(read, accountId, FOLLOWEES_MAX)) {
    if (edges >= EDGES_MAX) break;
    const theirs = newestFollowees(read, followeeId, FOLLOWEES_OF_ONE_MAX);
    edges += theirs.length;
    for (const candidateId of theirs) {
      const entry = common.get(candidateId);
      if (entry === undefined) common.set(candidateId, { count: 1, firstIds: [followeeId] });
      else if (entry.firstIds.length < COMMON_IDS_MAX) entry.firstIds.push(followeeId);
      if (entry !== undefined) entry.count += 1;
    }
  }
  return common;
}

const newestFollowees = (read: Statements, followerId: string, limit: number): readonly string[] =>
  read.column<string>(
    `SELECT followee_id FROM follows INDEXED BY follows_by_follower
     WHERE follower_id = ? AND counted = 1 AND follow_id < ? ORDER BY follow_id DESC LIMIT ?`,
    followerId,
    aboveAllIds,
    limit,
  );

/**
 * Counted follows may lag behind a suspension; the account itself does not. An unknown account has no status that would
 * hide it.
 */
function isActive(read: Statements, accountId: string): boolean {
  const row = read.get<{ status: string }>('SELECT status FROM accounts WHERE account_id = ?', accountId);
  return row === undefined || row.status === 'active';
}
