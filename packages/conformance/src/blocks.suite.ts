import { expect } from 'vitest';
import { expectPagesBefore } from './pages.ts';
import type { Suite } from './suite.ts';
import { atOnce, newAccount, people, untilDone } from './world.ts';

export const blocksSuite: Suite = ({ fact }) => {
  fact('an account blocks another once, and can unblock it', async (world) => {
    const { blocks } = world.engine;
    const { alice, bob } = await people(world, 'alice', 'bob');
    const edgeId = world.id();
    expect(await blocks.add(edgeId, alice, bob)).toBe(true);
    expect(await blocks.add(edgeId, alice, bob)).toBe(false);
    expect(await blocks.add(world.id(), alice, bob)).toBe(false);
    expect(await blocks.list(alice, { limit: 10 })).toEqual([{ edgeId, accountId: bob }]);
    expect(await blocks.list(bob, { limit: 10 })).toEqual([]);
    expect(await blocks.remove(bob, alice)).toBe(false);
    expect(await blocks.remove(alice, bob)).toBe(true);
    expect(await blocks.remove(alice, bob)).toBe(false);
    expect(await blocks.hiddenFrom(alice)).toEqual(new Set());
    expect(await blocks.add(world.id(), alice, bob)).toBe(true);
  });

  fact('blocks are counted up to a limit', async (world) => {
    const { blocks } = world.engine;
    const { alice, bob, carol } = await people(world, 'alice', 'bob', 'carol');
    expect(await blocks.count(alice, 10)).toBe(0);
    for (const target of [bob, carol]) await blocks.add(world.id(), alice, target);
    await blocks.add(world.id(), carol, bob);
    expect([await blocks.count(alice, 10), await blocks.count(alice, 2)]).toEqual([2, 2]);
    expect(await blocks.count(alice, 1)).toBe(1);
    await blocks.remove(alice, bob);
    expect([await blocks.count(alice, 10), await blocks.count(bob, 10)]).toEqual([1, 0]);
  });

  fact('of several concurrent blocks, one is the first', async (world) => {
    const { alice, bob } = await people(world, 'alice', 'bob');
    const results = await atOnce(20, () => world.engine.blocks.add(world.id(), alice, bob));
    expect(results.filter(Boolean)).toHaveLength(1);
    expect(await world.engine.blocks.list(alice, { limit: 10 })).toHaveLength(1);
  });

  fact('neither account sees the other, in both directions', async (world) => {
    const { blocks } = world.engine;
    const { me, blocked, blocker, both, other } = await people(
      world,
      'me',
      'blocked',
      'blocker',
      'both',
      'other',
    );
    await blocks.add(world.id(), me, blocked);
    await blocks.add(world.id(), blocker, me);
    await blocks.add(world.id(), me, both);
    await blocks.add(world.id(), both, me);
    await blocks.add(world.id(), other, blocker);
    expect(await blocks.hiddenFrom(me)).toEqual(new Set([blocked, blocker, both]));
    expect(await blocks.hiddenFrom(blocked)).toEqual(new Set([me]));
    expect(await blocks.hiddenFrom(both)).toEqual(new Set([me]));
    expect(await blocks.hiddenFrom(blocker)).toEqual(new Set([me, other]));
    const all = [me, blocked, blocker, both, both, other, ...Array.from({ length: 2_000 }, () => world.id())];
    expect(await blocks.blockedAmong(me, all)).toEqual(new Set([blocked, both]));
    expect(await blocks.blockersAmong(me, all)).toEqual(new Set([blocker, both]));
    expect(await blocks.blockedAmong(me, [])).toEqual(new Set());
    expect(await blocks.blockersAmong(me, [])).toEqual(new Set());

    await blocks.remove(me, both);
    expect(await blocks.hiddenFrom(me)).toEqual(new Set([blocked, blocker, both]));
    await blocks.remove(both, me);
    expect(await blocks.hiddenFrom(me)).toEqual(new Set([blocked, blocker]));
  });

  fact('a returned set of hidden accounts never changes', async (world) => {
    const { alice, bob } = await people(world, 'alice', 'bob');
    const before = await world.engine.blocks.hiddenFrom(alice);
    await world.engine.blocks.add(world.id(), bob, alice);
    expect(before).toEqual(new Set());
    expect(await world.engine.blocks.hiddenFrom(alice)).toEqual(new Set([bob]));
  });

  fact(
    'blocked accounts are listed newest first, in pages that stay stable while blocks arrive',
    async (world) => {
      await expectPagesBefore(async () => {
        const alice = await newAccount(world);
        return {
          async add() {
            const edgeId = world.id();
            await world.engine.blocks.add(edgeId, alice, await newAccount(world));
            return edgeId;
          },
          list: async (page) => (await world.engine.blocks.list(alice, page)).map((edge) => edge.edgeId),
        };
      });
    },
  );

  fact('the blocks of an account are erased in steps, in both directions', async (world) => {
    const { blocks } = world.engine;
    const { gone, a, b, c } = await people(world, 'gone', 'a', 'b', 'c');
    await blocks.add(world.id(), gone, a);
    await blocks.add(world.id(), gone, b);
    await blocks.add(world.id(), c, gone);
    await blocks.add(world.id(), a, b);
    expect(await untilDone((limit) => blocks.purgeByAccount(gone, limit), 2)).toEqual([2, 1]);
    expect(await blocks.purgeByAccount(gone, 2)).toBe(0);
    expect(await blocks.hiddenFrom(gone)).toEqual(new Set());
    expect(await blocks.hiddenFrom(c)).toEqual(new Set());
    expect(await blocks.hiddenFrom(a)).toEqual(new Set([b]));
  });
};
