import type {
  Follow,
  FollowGraph,
  FollowingPage,
  SettledFollows,
  SettleStep,
} from '@twite/core/follows/follow-graph';
import type { AccountEdge, PageAfter, PageBefore } from '@twite/core/keyset';
import { type Caches, type Followees, popularKey } from './caches.ts';
import type { InnerAccountStore, InnerFollowGraph } from './inner-ports.ts';
import { invalidateOnError } from './invalidate-on-error.ts';
import { tag } from './invalidation.ts';
import type { InvalidationBus } from './invalidation-bus.ts';

const emptySet: ReadonlySet<string> = new Set<string>();
const nobody: readonly string[] = Object.freeze([]);

interface Popular {
  /** The popular accounts that it was computed from. */
  readonly of: ReadonlySet<string>;
  readonly followeeIds: readonly string[];
}

export class CachedFollowGraph implements FollowGraph {
  readonly #inner: InnerFollowGraph;
  readonly #accounts: Pick<InnerAccountStore, 'listPopularAccountIds'>;
  readonly #caches: Caches;
  readonly #bus: InvalidationBus;
  readonly #popular = new WeakMap<Followees, Popular>();

  constructor(
    inner: InnerFollowGraph,
    accounts: Pick<InnerAccountStore, 'listPopularAccountIds'>,
    caches: Caches,
    bus: InvalidationBus,
  ) {
    this.#inner = inner;
    this.#accounts = accounts;
    this.#caches = caches;
    this.#bus = bus;
  }

  follow(follow: Follow): Promise<boolean> {
    const { followerId, followeeId } = follow;
    return this.#written(followerId, followeeId, this.#inner.follow(follow));
  }

  unfollow(followerId: string, followeeId: string): Promise<boolean> {
    return this.#written(followerId, followeeId, this.#inner.unfollow(followerId, followeeId));
  }

  async followeesAmong(followerId: string, candidateIds: readonly string[]): Promise<ReadonlySet<string>> {
    const { all } = this.#caches.followees.get(followerId) ?? (await this.#load(followerId));
    let among: Set<string> | undefined;
    for (const candidateId of candidateIds) {
      if (!all.has(candidateId)) continue;
      among ??= new Set();
      among.add(candidateId);
    }
    return among ?? emptySet;
  }

  followersAmong(followeeId: string, candidateIds: readonly string[]): Promise<ReadonlySet<string>> {
    return this.#inner.followersAmong(followeeId, candidateIds);
  }

  listFollowers(accountId: string, page: PageBefore): Promise<readonly AccountEdge[]> {
    return this.#inner.listFollowers(accountId, page);
  }

  listFollowing(accountId: string, page: FollowingPage): Promise<readonly AccountEdge[]> {
    return this.#inner.listFollowing(accountId, page);
  }

  walkFollowers(accountId: string, page: PageAfter): Promise<readonly AccountEdge[]> {
    return this.#inner.walkFollowers(accountId, page);
  }

  /** Reads from the store: a followee missing here would be missing from a rebuilt timeline for good. */
  listFolloweeIds(accountId: string): Promise<readonly string[]> {
    return this.#inner.listFolloweeIds(accountId);
  }

  async listPopularFolloweeIds(accountId: string): Promise<readonly string[]> {
    const followees = this.#caches.followees.get(accountId) ?? (await this.#load(accountId));
    if (followees.counted.length === 0) return nobody;
    const popular = this.#caches.popularAccounts.get(popularKey) ?? (await this.#loadPopular());
    const known = this.#popular.get(followees);
    if (known?.of === popular) return known.followeeIds;
    const among =
      popular.size === 0 ? nobody : followees.counted.filter((followeeId) => popular.has(followeeId));
    const followeeIds = among.length === 0 ? nobody : Object.freeze(among);
    this.#popular.set(followees, { of: popular, followeeIds });
    return followeeIds;
  }

  settleAccount(accountId: string, counted: boolean, step: SettleStep): Promise<SettledFollows> {
    return this.#manyWritten(accountId, this.#inner.settleAccount(accountId, counted, step));
  }

  purgeByAccount(accountId: string, limit: number): Promise<number> {
    return this.#manyWritten(accountId, this.#inner.purgeByAccount(accountId, limit));
  }

  async #load(followerId: string): Promise<Followees> {
    const followees = await this.#caches.followees.load(followerId, async () => {
      const follows = await this.#inner.listFollowees(followerId);
      const counted = follows.filter((follow) => follow.counted);
      return Object.freeze({
        all: new Set(follows.map(({ followeeId }) => followeeId)),
        counted: Object.freeze(counted.map(({ followeeId }) => followeeId)),
      });
    });
    return followees as Followees;
  }

  async #loadPopular(): Promise<ReadonlySet<string>> {
    const popular = await this.#caches.popularAccounts.load(
      popularKey,
      async () => new Set(await this.#accounts.listPopularAccountIds()),
    );
    return popular as ReadonlySet<string>;
  }

  #written<T>(followerId: string, followeeId: string, write: Promise<T>): Promise<T> {
    return invalidateOnError(this.#bus, write, () => [
      ['followees', followerId],
      ['accounts', followerId],
      ['accounts', followeeId],
    ]);
  }

  #manyWritten<T>(accountId: string, write: Promise<T>): Promise<T> {
    return invalidateOnError(this.#bus, write, () => [
      ['followees', tag(accountId)],
      ['accounts', accountId],
    ]);
  }
}
