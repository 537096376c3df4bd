import { expect } from 'vitest';
import { expectPagesBefore } from './pages.ts';
import type { Suite } from './suite.ts';
import { atOnce, newAccount, people, untilDone } from './world.ts';

export const mutesSuite: Suite = ({ fact }) => {
  fact('an account mutes another once, and can unmute it', async (world) => {
    const { mutes } = world.engine;
    const { alice, bob } = await people(world, 'alice', 'bob');
    const edgeId = world.id();
    expect(await mutes.add(edgeId, alice, bob)).toBe(true);
    expect(await mutes.add(edgeId, alice, bob)).toBe(false);
    expect(await mutes.add(world.id(), alice, bob)).toBe(false);
    expect(await mutes.list(alice, { limit: 10 })).toEqual([{ edgeId, accountId: bob }]);
    expect(await mutes.remove(bob, alice)).toBe(false);
    expect(await mutes.remove(alice, bob)).toBe(true);
    expect(await mutes.remove(alice, bob)).toBe(false);
    expect(await mutes.mutedBy(alice)).toEqual(new Set());
    expect(await mutes.add(world.id(), alice, bob)).toBe(true);
  });

  fact('of several concurrent mutes, one is the first', async (world) => {
    const { alice, bob } = await people(world, 'alice', 'bob');
    const results = await atOnce(20, () => world.engine.mutes.add(world.id(), alice, bob));
    expect(results.filter(Boolean)).toHaveLength(1);
  });

  fact('a mute works in one direction', async (world) => {
    const { mutes } = world.engine;
    const { alice, bob, carol } = await people(world, 'alice', 'bob', 'carol');
    const before = await mutes.mutedBy(alice);
    await mutes.add(world.id(), alice, bob);
    await mutes.add(world.id(), alice, carol);
    await mutes.add(world.id(), carol, alice);
    expect(before).toEqual(new Set());
    expect(await mutes.mutedBy(alice)).toEqual(new Set([bob, carol]));
    expect(await mutes.mutedBy(bob)).toEqual(new Set());
    expect(await mutes.mutedBy(carol)).toEqual(new Set([alice]));
  });

  fact(
    'muted accounts are listed newest first, in pages that stay stable while mutes arrive',
    async (world) => {
      await expectPagesBefore(async () => {
        const alice = await newAccount(world);
        return {
          async add() {
            const edgeId = world.id();
            await world.engine.mutes.add(edgeId, alice, await newAccount(world));
            return edgeId;
          },
          list: async (page) => (await world.engine.mutes.list(alice, page)).map((edge) => edge.edgeId),
        };
      });
    },
  );

  fact('the mutes of an account are erased in steps, in both directions', async (world) => {
    const { mutes } = world.engine;
    const { gone, a, b, c } = await people(world, 'gone', 'a', 'b', 'c');
    await mutes.add(world.id(), gone, a);
    await mutes.add(world.id(), gone, b);
    await mutes.add(world.id(), c, gone);
    await mutes.add(world.id(), a, b);
    expect(await untilDone((limit) => mutes.purgeByAccount(gone, limit), 2)).toEqual([2, 1]);
    expect(await mutes.purgeByAccount(gone, 2)).toBe(0);
    expect(await mutes.mutedBy(gone)).toEqual(new Set());
    expect(await mutes.mutedBy(c)).toEqual(new Set());
    expect(await mutes.mutedBy(a)).toEqual(new Set([b]));
  });
};
