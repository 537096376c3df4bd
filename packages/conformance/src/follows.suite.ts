import type { AccountEdge, PageAfter, PageBefore } from '@twite/core/keyset';
import { expect } from 'vitest';
import { expectPagesAfter, expectPagesBefore } from './pages.ts';
import type { Suite } from './suite.ts';
import {
  accountOf,
  atOnce,
  newAccount,
  newFollow,
  people,
  reinstate,
  settleFollows,
  sum,
  suspend,
  untilDone,
  type World,
} from './world.ts';

const page = { limit: 100 };
const accountIds = (edges: readonly AccountEdge[]) => edges.map((edge) => edge.accountId);

async function followCounts(world: World, accountId: string) {
  await world.settled();
  const { followerCount, followingCount } = await accountOf(world, accountId);
  return { followerCount, followingCount };
}

async function settle(world: World, accountId: string, counted: boolean): Promise<void> {
  await settleFollows(world, accountId, counted, 100);
}

export const followsSuite: Suite = ({ fact }) => {
  fact(
    'a reinstatement reads each follow once, also those of followers who stay suspended',
    async (world) => {
      const { bad } = await people(world, 'bad');
      const followers = await Promise.all(
        Array.from(
          { length: 30 },
          async (_, n) => Object.values(await people(world, `follower${n}`))[0] ?? '',
        ),
      );
      for (const follower of followers) await newFollow(world, follower, bad);
      await world.settled();
      // The latest followers.
      for (const bot of followers.slice(10)) {
        await suspend(world, bot);
        await settle(world, bot, false);
      }
      await suspend(world, bad);
      await settle(world, bad, false);
      await reinstate(world, bad);
      const steps = await settleFollows(world, bad, true, 3);
      expect(sum(steps)).toBe(10);
      expect(steps.length).toBeLessThanOrEqual(11);
      expect(await followCounts(world, bad)).toEqual({ followerCount: 10, followingCount: 0 });
    },
  );

  fact('an account follows another once', async (world) => {
    const { follows } = world.engine;
    const { alice, bob } = await people(world, 'alice', 'bob');
    const follow = { followId: world.id(), followerId: alice, followeeId: bob };
    expect(await follows.follow(follow)).toBe(true);
    expect(await follows.follow(follow)).toBe(false);
    expect(await follows.follow({ ...follow, followId: world.id() })).toBe(false);
    expect(await follows.listFollowers(bob, page)).toEqual([{ edgeId: follow.followId, accountId: alice }]);
    expect(await follows.listFollowing(alice, page)).toEqual([{ edgeId: follow.followId, accountId: bob }]);
    expect(await follows.walkFollowers(bob, page)).toEqual([{ edgeId: follow.followId, accountId: alice }]);
    expect(await followCounts(world, alice)).toEqual({ followerCount: 0, followingCount: 1 });
    expect(await followCounts(world, bob)).toEqual({ followerCount: 1, followingCount: 0 });
  });

  fact('a follow can be undone and repeated', async (world) => {
    const { follows } = world.engine;
    const { alice, bob, carol } = await people(world, 'alice', 'bob', 'carol');
    await newFollow(world, alice, bob);
    await newFollow(world, alice, carol);
    await newFollow(world, bob, alice);
    expect(await follows.unfollow(alice, bob)).toBe(true);
    expect(await follows.unfollow(alice, bob)).toBe(false);
    expect(await follows.unfollow(carol, alice)).toBe(false);
    expect(await followCounts(world, alice)).toEqual({ followerCount: 1, followingCount: 1 });
    expect(await followCounts(world, bob)).toEqual({ followerCount: 0, followingCount: 1 });
    await newFollow(world, alice, bob);
    expect(accountIds(await follows.listFollowing(alice, page))).toEqual([bob, carol]);
    expect(await followCounts(world, bob)).toEqual({ followerCount: 1, followingCount: 1 });
  });

  fact('concurrent follows are counted exactly', async (world) => {
    const { follows } = world.engine;
    const { star, a, b, c } = await people(world, 'star', 'a', 'b', 'c');
    const results = await Promise.all(
      [a, b, c].map((followerId) =>
        atOnce(8, () => follows.follow({ followId: world.id(), followerId, followeeId: star })),
      ),
    );
    for (const result of results) expect(result.filter(Boolean)).toHaveLength(1);
    expect((await followCounts(world, star)).followerCount).toBe(3);
    const unfollowed = await atOnce(8, () => follows.unfollow(b, star));
    expect(unfollowed.filter(Boolean)).toHaveLength(1);
    expect((await followCounts(world, star)).followerCount).toBe(2);
    expect((await followCounts(world, b)).followingCount).toBe(0);
  });

  fact('relationships to several accounts are found together', async (world) => {
    const { follows } = world.engine;
    const { alice, bob, carol } = await people(world, 'alice', 'bob', 'carol');
    await newFollow(world, alice, bob);
    await newFollow(world, carol, alice);
    const all = [carol, bob, bob, alice, ...Array.from({ length: 2_000 }, () => world.id())];
    expect(await follows.followeesAmong(alice, all)).toEqual(new Set([bob]));
    expect(await follows.followersAmong(alice, all)).toEqual(new Set([carol]));
    expect(await follows.followeesAmong(alice, [])).toEqual(new Set());
    expect(await follows.followersAmong(alice, [])).toEqual(new Set());
  });

  const growing =
    <P>(
      world: World,
      ofFollowees: boolean,
      list: (accountId: string, page: P) => Promise<readonly AccountEdge[]>,
    ) =>
    async () => {
      const center = await newAccount(world);
      const add = async (followsCenter: boolean) => {
        const other = await newAccount(world);
        return followsCenter ? newFollow(world, other, center) : newFollow(world, center, other);
      };
      await add(ofFollowees);
      return {
        add: () => add(!ofFollowees),
        list: async (wanted: P) => (await list(center, wanted)).map((edge) => edge.edgeId),
      };
    };

  fact(
    'followers are listed newest first, in pages that stay stable while followers arrive',
    async (world) => {
      await expectPagesBefore(
        growing<PageBefore>(world, false, (id, wanted) => world.engine.follows.listFollowers(id, wanted)),
      );
    },
  );

  fact(
    'followees are listed newest first, in pages that stay stable while followees arrive',
    async (world) => {
      await expectPagesBefore(
        growing<PageBefore>(world, true, (id, wanted) => world.engine.follows.listFollowing(id, wanted)),
      );
    },
  );

  fact(
    'followees who are suspended are listed with the others, in the same order, when asked for',
    async (world) => {
      let count = 0;
      await expectPagesBefore(async () => {
        const follower = await newAccount(world);
        return {
          add: async () => {
            const followee = await newAccount(world);
            const followId = await newFollow(world, follower, followee);
            if (count++ % 2 === 0) {
              await suspend(world, followee);
              await settle(world, followee, false);
            }
            return followId;
          },
          list: async (wanted) =>
            (await world.engine.follows.listFollowing(follower, { ...wanted, inactive: true })).map(
              (edge) => edge.edgeId,
            ),
        };
      });
    },
  );

  fact('followers can be iterated oldest first while followers arrive', async (world) => {
    await expectPagesAfter(
      growing<PageAfter>(world, false, (id, wanted) => world.engine.follows.walkFollowers(id, wanted)),
    );
  });

  fact('all followees are returned, with the popular ones marked', async (world) => {
    const { follows, accounts } = world.engine;
    const { me, a, b, c, other } = await people(world, 'me', 'a', 'b', 'c', 'other');
    for (const followee of [a, b, c]) await newFollow(world, me, followee);
    await newFollow(world, other, me);
    for (const popular of [b, c, other]) await accounts.markPopular(popular);
    expect((await follows.listFolloweeIds(me)).toSorted()).toEqual([a, b, c]);
    expect((await follows.listPopularFolloweeIds(me)).toSorted()).toEqual([b, c]);
    expect(await follows.listFolloweeIds(a)).toEqual([]);
    expect(await follows.listPopularFolloweeIds(a)).toEqual([]);
    await suspend(world, c);
    await settle(world, c, false);
    expect((await follows.listFolloweeIds(me)).toSorted()).toEqual([a, b]);
    expect(await follows.listPopularFolloweeIds(me)).toEqual([b]);
    await follows.unfollow(me, b);
    expect(await follows.listPopularFolloweeIds(me)).toEqual([]);
  });

  fact('a suspended account is not counted until it is reinstated', async (world) => {
    const { follows } = world.engine;
    const { bad, a, b, c } = await people(world, 'bad', 'a', 'b', 'c');
    await newFollow(world, bad, a);
    await newFollow(world, bad, b);
    await newFollow(world, c, bad);
    await newFollow(world, a, bad);
    await newFollow(world, c, a);
    // An engine may itself settle what it has not processed yet.
    await world.settled();
    for (let round = 0; round < 2; round++) {
      await suspend(world, bad);
      const steps = await settleFollows(world, bad, false, 3);
      expect(Math.max(...steps)).toBeLessThanOrEqual(3);
      expect(await settleFollows(world, bad, false, 3)).toEqual([0]);
      expect(await followCounts(world, a)).toEqual({ followerCount: 1, followingCount: 0 });
      expect(await followCounts(world, b)).toEqual({ followerCount: 0, followingCount: 0 });
      expect(await followCounts(world, c)).toEqual({ followerCount: 0, followingCount: 1 });
      expect(accountIds(await follows.listFollowers(a, page))).toEqual([c]);
      expect(accountIds(await follows.walkFollowers(a, page))).toEqual([c]);
      expect(accountIds(await follows.listFollowing(c, page))).toEqual([a]);
      expect(accountIds(await follows.listFollowing(c, { ...page, inactive: true }))).toEqual([a, bad]);
      expect(await follows.listFolloweeIds(c)).toEqual([a]);
      expect(await follows.followeesAmong(c, [bad])).toEqual(new Set([bad]));
      expect(await follows.followersAmong(a, [bad])).toEqual(new Set([bad]));

      await reinstate(world, bad);
      await settleFollows(world, bad, true, 3);
      expect(await settleFollows(world, bad, true, 3)).toEqual([0]);
      expect(await followCounts(world, a)).toEqual({ followerCount: 2, followingCount: 1 });
      expect(await followCounts(world, b)).toEqual({ followerCount: 1, followingCount: 0 });
      expect(await followCounts(world, c)).toEqual({ followerCount: 0, followingCount: 2 });
      expect(await followCounts(world, bad)).toEqual({ followerCount: 2, followingCount: 2 });
      expect(accountIds(await follows.listFollowers(a, page))).toEqual([c, bad]);
    }
  });

  fact('a follow between two suspended accounts counts once both are reinstated', async (world) => {
    for (const firstBack of ['follower', 'followee'] as const) {
      const { follower, followee } = await people(world, 'follower', 'followee');
      await newFollow(world, follower, followee);
      for (const accountId of [follower, followee]) {
        await suspend(world, accountId);
        await settle(world, accountId, false);
      }
      const [first, second] = firstBack === 'follower' ? [follower, followee] : [followee, follower];
      await reinstate(world, first);
      await settle(world, first, true);
      await world.settled();
      // The returning account sees that the other one is inactive.
      const { followerCount, followingCount } = await accountOf(world, first);
      expect(followerCount + followingCount).toBe(0);
      expect(await world.engine.follows.listFollowing(first, page)).toEqual([]);
      expect(await world.engine.follows.listFollowers(first, page)).toEqual([]);
      await reinstate(world, second);
      await settle(world, second, true);
      expect(await followCounts(world, follower)).toEqual({ followerCount: 0, followingCount: 1 });
      expect(await followCounts(world, followee)).toEqual({ followerCount: 1, followingCount: 0 });
      expect(accountIds(await world.engine.follows.listFollowers(followee, page))).toEqual([follower]);
    }
  });

  fact('undoing a follow that is not counted does not decrement the count', async (world) => {
    const { a, b, bad } = await people(world, 'a', 'b', 'bad');
    for (const followerId of [a, bad]) await newFollow(world, followerId, b);
    await newFollow(world, a, bad);
    await suspend(world, bad);
    await settle(world, bad, false);
    expect(await world.engine.follows.unfollow(bad, b)).toBe(true);
    expect(await world.engine.follows.unfollow(a, bad)).toBe(true);
    expect(await followCounts(world, b)).toEqual({ followerCount: 1, followingCount: 0 });
    expect(await followCounts(world, a)).toEqual({ followerCount: 0, followingCount: 1 });
    await reinstate(world, bad);
    await settle(world, bad, true);
    expect(await followCounts(world, b)).toEqual({ followerCount: 1, followingCount: 0 });
    expect(await followCounts(world, bad)).toEqual({ followerCount: 0, followingCount: 0 });
  });

  fact('a follow of or by a suspended account is not counted once settled', async (world) => {
    const { a, bad } = await people(world, 'a', 'bad');
    await suspend(world, bad);
    await newFollow(world, bad, a);
    await newFollow(world, a, bad);
    await settle(world, bad, false);
    expect(await followCounts(world, a)).toEqual({ followerCount: 0, followingCount: 0 });
    expect(await world.engine.follows.listFollowers(a, page)).toEqual([]);
    await reinstate(world, bad);
    await settle(world, bad, true);
    expect(await followCounts(world, a)).toEqual({ followerCount: 1, followingCount: 1 });
  });

  fact('the follows of a deleted account are erased in steps, in both directions', async (world) => {
    const { follows, accounts } = world.engine;
    const { gone, a, b } = await people(world, 'gone', 'a', 'b');
    await newFollow(world, gone, a);
    await newFollow(world, gone, b);
    await newFollow(world, a, gone);
    await newFollow(world, a, b);
    await accounts.markDeleted(gone);
    expect(await untilDone((limit) => follows.purgeByAccount(gone, limit), 2)).toEqual([2, 1]);
    expect(await follows.purgeByAccount(gone, 2)).toBe(0);
    expect(await followCounts(world, a)).toEqual({ followerCount: 0, followingCount: 1 });
    expect(await followCounts(world, b)).toEqual({ followerCount: 1, followingCount: 0 });
    expect(await follows.followersAmong(a, [gone])).toEqual(new Set());
    expect(await follows.followeesAmong(a, [gone, b])).toEqual(new Set([b]));
  });

  fact('erasing follows that are no longer counted does not decrement counts', async (world) => {
    const { follows, accounts } = world.engine;
    const { gone, a, b } = await people(world, 'gone', 'a', 'b');
    await newFollow(world, gone, a);
    await newFollow(world, b, a);
    await accounts.markDeleted(gone);
    await settle(world, gone, false);
    expect(await follows.purgeByAccount(gone, 10)).toBe(1);
    expect(await followCounts(world, a)).toEqual({ followerCount: 1, followingCount: 0 });
  });
};
