import fc from 'fast-check';
import { expect, vi } from 'vitest';
import type { Suite } from './suite.ts';
import {
  newAccount,
  newFollow,
  people,
  present,
  reinstate,
  settleFollows,
  suspend,
  type World,
} from './world.ts';

async function recommended(world: World, accountId: string, excluded: Iterable<string> = [], limit = 100) {
  await world.settled();
  const { rows, degraded } = await world.engine.recommendations.recommend(
    accountId,
    new Set(excluded),
    limit,
  );
  expect(degraded).toBe(false);
  return rows;
}

async function recommendedIds(world: World, accountId: string, excluded: Iterable<string> = [], limit = 100) {
  return (await recommended(world, accountId, excluded, limit)).map((row) => row.accountId);
}

async function followAll(world: World, follows: readonly (readonly [string, string])[]): Promise<void> {
  for (const [follower, followee] of follows) await newFollow(world, follower, followee);
}

export const recommendationsSuite: Suite = ({ fact }) => {
  fact(
    'those whom the followed follow are recommended, by how many do, then newest account first',
    async (world) => {
      const { me, a, b, c, once, twice, onceNewer } = await people(
        world,
        'me',
        'a',
        'b',
        'c',
        'once',
        'twice',
        'onceNewer',
      );
      await followAll(world, [
        [me, a],
        [me, b],
        [me, c],
        [a, twice],
        [b, twice],
        [a, onceNewer],
        [c, once],
      ]);
      const rows = await recommended(world, me);
      expect(rows.map((row) => ({ ...row, commonFolloweeIds: row.commonFolloweeIds.toSorted() }))).toEqual([
        { accountId: twice, commonFolloweeCount: 2, commonFolloweeIds: [a, b] },
        { accountId: onceNewer, commonFolloweeCount: 1, commonFolloweeIds: [a] },
        { accountId: once, commonFolloweeCount: 1, commonFolloweeIds: [c] },
      ]);
      expect(await recommendedIds(world, me, [], 2)).toEqual([twice, onceNewer]);
      expect(await recommendedIds(world, me, [twice, world.id()])).toEqual([onceNewer, once]);
    },
  );

  fact('the viewer, followed accounts and more distant accounts are not recommended', async (world) => {
    const { me, a, b, c, d } = await people(world, 'me', 'a', 'b', 'c', 'd');
    await followAll(world, [
      [me, a],
      [me, b],
      [a, me],
      [a, b],
      [b, a],
      [b, c],
      [c, d],
      [d, me],
    ]);
    expect(await recommendedIds(world, me)).toEqual([c]);
    await newFollow(world, me, c);
    expect(await recommendedIds(world, me)).toEqual([d]);
    await world.engine.follows.unfollow(me, c);
    expect(await recommendedIds(world, me)).toEqual([c]);
    await world.engine.follows.unfollow(b, c);
    expect(await recommendedIds(world, me)).toEqual([]);
  });

  fact('a viewer who follows nobody gets no recommendations', async (world) => {
    const { lonely, fan } = await people(world, 'lonely', 'fan');
    await newFollow(world, fan, lonely);
    expect(await recommended(world, lonely)).toEqual([]);
    expect(await recommended(world, world.id())).toEqual([]);
  });

  fact('all common followees are counted, and at most three are named', async (world) => {
    const { me, star } = await people(world, 'me', 'star');
    const common: string[] = [];
    for (let i = 0; i < 5; i++) {
      const friend = await newAccount(world);
      common.push(friend);
      await followAll(world, [
        [me, friend],
        [friend, star],
      ]);
    }
    const [row] = await recommended(world, me);
    const { commonFolloweeIds, ...rest } = present(row, 'recommendation');
    expect(rest).toEqual({ accountId: star, commonFolloweeCount: 5 });
    expect(new Set(commonFolloweeIds).size).toBe(3);
    expect(common).toEqual(expect.arrayContaining([...commonFolloweeIds]));
  });

  fact('suspended and deleted accounts are not recommended', async (world) => {
    const { accounts } = world.engine;
    const { me, a, good, bad, gone } = await people(world, 'me', 'a', 'good', 'bad', 'gone');
    await followAll(world, [
      [me, a],
      [a, good],
      [a, bad],
      [a, gone],
    ]);
    await suspend(world, bad);
    await accounts.markDeleted(gone);
    for (const id of [bad, gone]) await settleFollows(world, id, false, 10);
    expect(await recommendedIds(world, me)).toEqual([good]);
    await reinstate(world, bad);
    await settleFollows(world, bad, true, 10);
    expect(await recommendedIds(world, me)).toEqual([bad, good]);
  });

  fact('many accounts can be excluded', async (world) => {
    const { me, a, b, c } = await people(world, 'me', 'a', 'b', 'c');
    await followAll(world, [
      [me, a],
      [a, b],
      [a, c],
    ]);
    const many = Array.from({ length: 40_000 }, () => world.id());
    // On a busy machine, the first query of this size may miss the deadline of the graph.
    const askAll = () => recommendedIds(world, me, [...many, b]);
    expect(await vi.waitFor(askAll, { timeout: 60_000 })).toEqual([c]);
  });

  fact('recommendations equal a naive count', async (world) => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.tuple(fc.nat(6), fc.nat(6)), {
          maxLength: 25,
          selector: (edge) => edge.join(),
        }),
        fc.subarray([0, 1, 2, 3, 4, 5, 6], { maxLength: 2 }),
        fc.integer({ min: 1, max: 7 }),
        async (drawn, excluded, limit) => {
          const edges = drawn.filter(([from, to]) => from !== to);
          const ids: string[] = [];
          for (let i = 0; i < 7; i++) ids.push(await newAccount(world));
          const id = (index: number) => present(ids[index], 'account');
          await Promise.all(edges.map(([from, to]) => newFollow(world, id(from), id(to))));
          await world.settled();
          const followees = (who: number) => edges.filter(([from]) => from === who).map(([, to]) => to);
          const mine = followees(0);
          const expected = [6, 5, 4, 3, 2, 1]
            .filter((who) => !mine.includes(who) && !excluded.includes(who))
            .map((who) => ({ who, count: mine.filter((friend) => followees(friend).includes(who)).length }))
            .filter(({ count }) => count > 0)
            .sort((x, y) => y.count - x.count)
            .slice(0, limit);
          const rows = await recommended(world, id(0), excluded.map(id), limit);
          expect(rows.map((row) => [row.accountId, row.commonFolloweeCount])).toEqual(
            expected.map(({ who, count }) => [id(who), count]),
          );
          for (const row of rows) {
            expect(row.commonFolloweeIds).toHaveLength(Math.min(3, row.commonFolloweeCount));
          }
        },
      ),
      { numRuns: 25 },
    );
  });
};
