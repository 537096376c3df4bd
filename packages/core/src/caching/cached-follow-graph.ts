import type { FollowGraph } from '../follows/follow-graph.ts';
import { cachedPort } from './cached-port.ts';
import type { Caches, Followees } from './caches.ts';
import { type Invalidation, popularKey, tag } from './invalidation.ts';
import type { InvalidationBus } from './invalidation-bus.ts';
import type { SourceAccountStore, SourceFollowGraph } from './source-ports.ts';

const emptySet: ReadonlySet<string> = new Set<string>();
const nobody: readonly string[] = Object.freeze([]);

interface Popular {
  /** The popular accounts that it was computed from. */
  readonly of: ReadonlySet<string>;
  readonly followeeIds: readonly string[];
}

const changed = (followerId: string, followeeId: string): readonly Invalidation[] => [
  ['followees', followerId],
  ['accounts', followerId],
  ['accounts', followeeId],
];
const manyChanged = (accountId: string): readonly Invalidation[] => [
  ['followees', tag(accountId)],
  ['accounts', accountId],
];

export function cachedFollowGraph(
  source: SourceFollowGraph,
  accounts: Pick<SourceAccountStore, 'listPopularAccountIds'>,
  { followees, popularAccounts }: Pick<Caches, 'followees' | 'popularAccounts'>,
  bus: InvalidationBus,
): FollowGraph {
  const popularOf = new WeakMap<Followees, Popular>();

  const read = async (followerId: string): Promise<Followees> => {
    const follows = await source.listFollowees(followerId);
    const counted = follows.filter((follow) => follow.counted);
    return Object.freeze({
      all: new Set(follows.map(({ followeeId }) => followeeId)),
      counted: Object.freeze(counted.map(({ followeeId }) => followeeId)),
    });
  };
  const readPopular = async (): Promise<ReadonlySet<string>> =>
    new Set(await accounts.listPopularAccountIds());

  return cachedPort<FollowGraph>(source, bus, {
    reads: {
      async followeesAmong(followerId, candidateIds) {
        const { all } = followees.get(followerId) ?? (await followees.load(followerId, read));
        let among: Set<string> | undefined;
        for (const candidateId of candidateIds) {
          if (!all.has(candidateId)) continue;
          among ??= new Set();
          among.add(candidateId);
        }
        return among ?? emptySet;
      },
      /** A followee missing here would be missing from a rebuilt timeline for good. */
      async listFolloweeIds(accountId) {
        if (!bus.isImmediate) return source.listFolloweeIds(accountId);
        return (await followees.find(accountId, read)).counted;
      },
      async listPopularFolloweeIds(accountId) {
        const followed = followees.get(accountId) ?? (await followees.load(accountId, read));
        if (followed.counted.length === 0) return nobody;
        const popular =
          popularAccounts.get(popularKey) ?? (await popularAccounts.load(popularKey, readPopular));
        const known = popularOf.get(followed);
        if (known?.of === popular) return known.followeeIds;
        const among =
          popular.size === 0 ? nobody : followed.counted.filter((followeeId) => popular.has(followeeId));
        const followeeIds = among.length === 0 ? nobody : Object.freeze(among);
        popularOf.set(followed, { of: popular, followeeIds });
        return followeeIds;
      },
    },
    writes: {
      follow: ({ followerId, followeeId }) => changed(followerId, followeeId),
      unfollow: changed,
      settleAccount: manyChanged,
      purgeByAccount: manyChanged,
    },
  });
}
