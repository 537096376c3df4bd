import type { SourceFollowGraph } from '@twite/core/caching/source-ports';
import type { Follow, FollowingPage, SettledFollows, SettleStep } from '@twite/core/follows/follow-graph';
import type { AccountEdge, PageAfter, PageBefore } from '@twite/core/keyset';
import { readInSlices } from './read-in-slices.ts';
import { aboveAllIds, emptySet, type Store } from './store.ts';

const following = (counted: 0 | 1) =>
  `SELECT follow_id AS edgeId, followee_id AS accountId FROM follows INDEXED BY follows_by_follower
   WHERE follower_id = ?1 AND counted = ${counted} AND follow_id < ?2`;
const newestFollows = 'ORDER BY edgeId DESC LIMIT ?3';

export class SqliteFollowGraph implements SourceFollowGraph {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  follow(follow: Follow): Promise<boolean> {
    return this.#store.writer.run('insertFollow', follow);
  }

  unfollow(followerId: string, followeeId: string): Promise<boolean> {
    return this.#store.writer.run('deleteFollow', { followerId, followeeId });
  }

  async followeesAmong(followerId: string, candidateIds: readonly string[]): Promise<ReadonlySet<string>> {
    if (candidateIds.length === 0) return emptySet;
    return new Set(
      this.#store.read.column<string>(
        `SELECT followee_id FROM json_each(?) AS c
         CROSS JOIN follows ON follower_id = ? AND followee_id = c.value`,
        JSON.stringify(candidateIds),
        followerId,
      ),
    );
  }

  async followersAmong(followeeId: string, candidateIds: readonly string[]): Promise<ReadonlySet<string>> {
    if (candidateIds.length === 0) return emptySet;
    const rows = this.#store.read.all<{ followerId: string }>(
      `SELECT follower_id AS followerId FROM json_each(?) AS c
       CROSS JOIN follows ON follower_id = c.value AND followee_id = ?`,
      JSON.stringify(candidateIds),
      followeeId,
    );
    return new Set(rows.map(({ followerId }) => followerId));
  }

  async listFollowers(
    accountId: string,
    { before = aboveAllIds, limit }: PageBefore,
  ): Promise<readonly AccountEdge[]> {
    return this.#store.read.all<AccountEdge>(
      `SELECT follow_id AS edgeId, follower_id AS accountId FROM follows
       WHERE followee_id = ? AND counted = 1 AND follow_id < ? ORDER BY follow_id DESC LIMIT ?`,
      accountId,
      before,
      limit,
    );
  }

  async listFollowing(
    accountId: string,
    { before = aboveAllIds, limit, inactive = false }: FollowingPage,
  ): Promise<readonly AccountEdge[]> {
    return this.#store.read.all<AccountEdge>(
      inactive
        ? `${following(1)} UNION ALL ${following(0)} ${newestFollows}`
        : `${following(1)} ${newestFollows}`,
      accountId,
      before,
      limit,
    );
  }

  async walkFollowers(accountId: string, { after = '', limit }: PageAfter): Promise<readonly AccountEdge[]> {
    return this.#store.read.all<AccountEdge>(
      `SELECT follow_id AS edgeId, follower_id AS accountId FROM follows
       WHERE followee_id = ? AND counted = 1 AND follow_id > ? ORDER BY follow_id LIMIT ?`,
      accountId,
      after,
      limit,
    );
  }

  async listFolloweeIds(accountId: string): Promise<readonly string[]> {
    return this.#store.read.column<string>(
      'SELECT followee_id FROM follows WHERE follower_id = ? AND counted = 1',
      accountId,
    );
  }

  async listPopularFolloweeIds(accountId: string): Promise<readonly string[]> {
    return this.#store.read.column<string>(
      `SELECT followee_id FROM follows CROSS JOIN accounts ON account_id = followee_id
       WHERE follower_id = ? AND counted = 1 AND popular = 1`,
      accountId,
    );
  }

  async listFollowees(
    followerId: string,
  ): Promise<readonly { readonly followeeId: string; readonly counted: boolean }[]> {
    const rows = await readInSlices(
      (after, limit) =>
        this.#store.read.all<{ followeeId: string; counted: 0 | 1 }>(
          `SELECT followee_id AS followeeId, counted FROM follows
           WHERE follower_id = ? AND followee_id > ? ORDER BY followee_id LIMIT ?`,
          followerId,
          after,
          limit,
        ),
      ({ followeeId }) => followeeId,
    );
    return rows.map(({ followeeId, counted }) => ({ followeeId, counted: counted === 1 }));
  }

  settleAccount(accountId: string, counted: boolean, step: SettleStep): Promise<SettledFollows> {
    return this.#store.writer.run('settleFollowsByAccount', { accountId, counted, ...step });
  }

  purgeByAccount(accountId: string, limit: number): Promise<number> {
    return this.#store.writer.run('purgeFollowsByAccount', { accountId, limit });
  }
}
