import { tag } from '@twite/core/caching/invalidation';
import type {
  Follow,
  FollowGraph,
  FollowingPage,
  SettledFollows,
  SettleStep,
} from '@twite/core/follows/follow-graph';
import type { AccountEdge, PageAfter, PageBefore } from '@twite/core/keyset';
import { currentTrace } from '@twite/core/trace';
import type { Filter } from 'mongodb';
import { changing } from './change.ts';
import { agreeWithStatuses, isActive, setFollowsCounted } from './counted.ts';
import type { Subject } from './counts.ts';
import type { FollowDoc } from './documents.ts';
import { insertedNew } from './errors.ts';
import type { MongoContext } from './mongo-context.ts';
import { rawTexts } from './raw-texts.ts';
import { aboveAllIds, bounded, emptySet, findInChunks } from './reads.ts';
import { purgeTime } from './tombstones.ts';
import { type Mark, writeMarked } from './write-marked.ts';

type Ends = Pick<FollowDoc, 'followerId' | 'followeeId'>;
type Found = Ends & Pick<FollowDoc, '_id' | 'followId'>;

const idOf = (followerId: string, followeeId: string) => `${followerId}:${followeeId}`;

/** Unfollowing leaves a tombstone, so that the recommendation graph never mistakes an old follow for a new one. */
export class MongoFollowGraph implements FollowGraph {
  readonly #context: MongoContext;

  constructor(context: MongoContext) {
    this.#context = context;
  }

  async follow({ followId, followerId, followeeId }: Follow): Promise<boolean> {
    const { collections, statusesOf, wallNow } = this.#context;
    const ends = [followerId, followeeId];
    const id = idOf(followerId, followeeId);
    const statuses = await statusesOf(ends);
    const counted = ends.every((accountId) => isActive(statuses, accountId));
    const isNew = await insertedNew(
      collections.follows.insertOne({
        _id: id,
        followId,
        followerId,
        followeeId,
        active: true,
        counted,
        // Above any revision that a purged tombstone can have had.
        rev: Math.floor(wallNow() / 1000),
        trace: currentTrace(),
      }),
    );
    if (!isNew && !(await this.#revive(id, followId, counted))) return false;
    // Either account may have been suspended, and settled, since their statuses were read.
    await agreeWithStatuses(statusesOf, [{ id, accountIds: ends, counted }], setFollowsCounted(collections));
    await this.#written([{ followerId, followeeId }]);
    return true;
  }

  async unfollow(followerId: string, followeeId: string): Promise<boolean> {
    const { modifiedCount } = await this.#context.collections.follows.updateOne(
      { _id: idOf(followerId, followeeId), active: true },
      this.#tombstone(),
    );
    if (modifiedCount === 0) return false;
    await this.#written([{ followerId, followeeId }]);
    return true;
  }

  async followeesAmong(followerId: string, candidateIds: readonly string[]): Promise<ReadonlySet<string>> {
    const found = await this.#findAmong(candidateIds.map((id) => idOf(followerId, id)));
    return found.length === 0 ? emptySet : new Set(found.map(({ followeeId }) => followeeId));
  }

  async followersAmong(followeeId: string, candidateIds: readonly string[]): Promise<ReadonlySet<string>> {
    const found = await this.#findAmong(candidateIds.map((id) => idOf(id, followeeId)));
    return found.length === 0 ? emptySet : new Set(found.map(({ followerId }) => followerId));
  }

  listFollowers(
    accountId: string,
    { before = aboveAllIds, limit }: PageBefore,
  ): Promise<readonly AccountEdge[]> {
    return this.#list(
      'followerId',
      { followeeId: accountId, followId: { $lt: before }, counted: true },
      -1,
      limit,
    );
  }

  listFollowing(
    accountId: string,
    { before = aboveAllIds, limit, inactive = false }: FollowingPage,
  ): Promise<readonly AccountEdge[]> {
    // Both values rather than no filter: MongoDB then merges two index scans.
    const counted = inactive ? { $in: [true, false] } : true;
    return this.#list('followeeId', { followerId: accountId, followId: { $lt: before }, counted }, -1, limit);
  }

  /**
   * Fan-out reads thousands of these at a time, so the two ids are taken from the raw documents and nothing else is
   * decoded.
   */
  async walkFollowers(accountId: string, { after = '', limit }: PageAfter): Promise<readonly AccountEdge[]> {
    const found = await this.#context.collections.follows
      .find<Uint8Array>(
        { followeeId: accountId, followId: { $gt: after }, active: true, counted: true },
        { ...bounded, raw: true, batchSize: limit + 1, projection: { _id: 0, followId: 1, followerId: 1 } },
      )
      .sort({ followId: 1 })
      .limit(limit)
      .toArray();
    return found.map((document) => {
      const [edgeId = '', followerId = ''] = rawTexts(document, ['followId', 'followerId']);
      return { edgeId, accountId: followerId };
    });
  }

  async listFolloweeIds(accountId: string): Promise<readonly string[]> {
    const followees = await this.listFollowees(accountId);
    return followees.filter(({ counted }) => counted).map(({ followeeId }) => followeeId);
  }

  async listPopularFolloweeIds(accountId: string): Promise<readonly string[]> {
    const found = await findInChunks(await this.listFolloweeIds(accountId), (some) =>
      this.#context.collections.accounts
        .find({ popular: true, _id: { $in: some } }, { ...bounded, projection: { _id: 1 } })
        .toArray(),
    );
    return found.map(({ _id }) => _id);
  }

  /** Every current follow of the account, counted or not, for the cache. */
  async listFollowees(
    followerId: string,
  ): Promise<readonly { readonly followeeId: string; readonly counted: boolean }[]> {
    return this.#context.collections.follows
      .find({ followerId, active: true }, { ...bounded, projection: { _id: 0, followeeId: 1, counted: 1 } })
      .toArray();
  }

  async settleAccount(accountId: string, counted: boolean, step: SettleStep): Promise<SettledFollows> {
    const { collections, counts, statusesOf, invalidate } = this.#context;
    const { found, nextCursor } = await this.#toSettle(accountId, counted, step);
    // A process that died after it settled and before it invalidated the cache left nothing else to find.
    if (nextCursor === null) await invalidate([['followees', tag(accountId)]]);
    if (found.length === 0) return { changed: 0, nextCursor };
    const marks: readonly Mark[] = [
      ['account', found.map(({ followerId }) => followerId), ['followingCount']],
      ['account', found.map(({ followeeId }) => followeeId), ['followerCount']],
    ];
    const setCounted = setFollowsCounted(collections);
    await writeMarked(counts, marks, async () => {
      await setCounted(
        found.map(({ _id }) => _id),
        counted,
      );
      if (!counted) return;
      // The other account may have been suspended, and settled, since its status was read.
      const edges = found.map((follow) => ({
        id: follow._id,
        accountIds: [otherEnd(follow, accountId)],
        counted,
      }));
      await agreeWithStatuses(statusesOf, edges, setCounted);
    });
    await invalidate(followeesOf(found));
    return { changed: found.length, nextCursor };
  }

  async purgeByAccount(accountId: string, limit: number): Promise<number> {
    const { follows } = this.#context.collections;
    const find = (filter: Filter<FollowDoc>, max: number) =>
      max <= 0
        ? []
        : follows
            .find({ ...filter, active: true }, { ...bounded, projection: { followerId: 1, followeeId: 1 } })
            .limit(max)
            .toArray();
    const outgoing = await find({ followerId: accountId }, limit);
    const found = [...outgoing, ...(await find({ followeeId: accountId }, limit - outgoing.length))];
    if (found.length === 0) return 0;
    await follows.updateMany({ _id: { $in: found.map(({ _id }) => _id) }, active: true }, this.#tombstone());
    await this.#written(found);
    return found.length;
  }

  #tombstone() {
    const set = { active: false, counted: false, purgeAt: purgeTime(this.#context.wallNow()) };
    return changing('accountUnfollowed', { set });
  }

  async #revive(id: string, followId: string, counted: boolean): Promise<boolean> {
    const { modifiedCount } = await this.#context.collections.follows.updateOne(
      { _id: id, active: false },
      changing('accountFollowed', { set: { followId, active: true, counted }, unset: ['purgeAt'] }),
    );
    return modifiedCount === 1;
  }

  /** One page of the follows from the account and then to it, without those that need no change. */
  async #toSettle(accountId: string, counted: boolean, { limit, cursor }: SettleStep) {
    const page: Found[] = [];
    let [end, before] = cursor === undefined ? (['followerId', aboveAllIds] as const) : readCursor(cursor);
    let nextCursor: string | null = null;
    for (;;) {
      const more = await this.#context.collections.follows
        .find(
          { [end]: accountId, active: true, counted: !counted, followId: { $lt: before } },
          { ...bounded, projection: { followId: 1, followerId: 1, followeeId: 1 } },
        )
        .sort({ followId: -1 })
        .limit(limit - page.length)
        .toArray();
      page.push(...more);
      if (page.length === limit) {
        nextCursor = `${end} ${more.at(-1)?.followId}`;
        break;
      }
      if (end === 'followeeId') break;
      [end, before] = ['followeeId', aboveAllIds];
    }
    if (!counted) return { found: page, nextCursor };
    const others = page.map((follow) => otherEnd(follow, accountId));
    const statuses = await this.#context.statusesOf(others);
    const found = page.filter((follow) => isActive(statuses, otherEnd(follow, accountId)));
    return { found, nextCursor };
  }

  async #list(
    end: keyof Ends,
    filter: Filter<FollowDoc>,
    direction: 1 | -1,
    limit: number,
  ): Promise<AccountEdge[]> {
    const found = await this.#context.collections.follows
      .find({ ...filter, active: true }, { ...bounded, projection: { _id: 0, followId: 1, [end]: 1 } })
      .sort({ followId: direction })
      .limit(limit)
      .toArray();
    return found.map((follow) => ({ edgeId: follow.followId, accountId: follow[end] }));
  }

  #findAmong(ids: readonly string[]) {
    return findInChunks(ids, (some) =>
      this.#context.collections.follows
        .find(
          { _id: { $in: some }, active: true },
          { ...bounded, projection: { followerId: 1, followeeId: 1 } },
        )
        .toArray(),
    );
  }

  #written(follows: readonly Ends[]): Promise<void> {
    const followers = new Set(follows.map(({ followerId }) => followerId));
    const followees = new Set(follows.map(({ followeeId }) => followeeId));
    const subjects = [
      ...[...followers].map((id): Subject => ['account', id, 'followingCount']),
      ...[...followees].map((id): Subject => ['account', id, 'followerCount']),
    ];
    return this.#context.counts.recountWritten(subjects, followeesOf(follows));
  }
}

const otherEnd = ({ followerId, followeeId }: Ends, accountId: string) =>
  followerId === accountId ? followeeId : followerId;

const followeesOf = (follows: readonly Ends[]) =>
  [...new Set(follows.map(({ followerId }) => followerId))].map((id) => ['followees', id] as const);

/** Parses the cursor: which end of the follow is the account, and the last follow that was read. */
function readCursor(cursor: string): readonly [end: keyof Ends, before: string] {
  const [end, before = ''] = cursor.split(' ');
  return [end === 'followeeId' ? end : 'followerId', before];
}
