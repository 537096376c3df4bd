import type { RebuildTicket } from '@twite/core/timelines/timeline-cache';
import { expect } from 'vitest';
import type { Suite } from './suite.ts';
import { expectModelledTimelines } from './timelines.property.ts';
import { atOnce, present, type World } from './world.ts';

const timelineLength = 5;
const page = { limit: 100 };

/** Ascending ids. */
const someIds = (world: World, count: number) => Array.from({ length: count }, () => world.id());

async function aReadyTimeline(world: World, newestFirst: readonly string[], complete: boolean) {
  const { timelines } = world.engine;
  const accountId = world.id();
  const ticket = await timelines.beginRebuild(accountId);
  expect(await timelines.completeRebuild(ticket, newestFirst, complete)).toBe(true);
  return accountId;
}

export const timelinesSuite: Suite = (context) => {
  const { fact, factAlone } = context;

  fact('a timeline that was never built is cold, and a push leaves it cold', async (world) => {
    const { timelines } = world.engine;
    const accountId = world.id();
    expect(await timelines.read(accountId, page)).toBeUndefined();
    expect(await timelines.push(world.id(), [accountId])).toBe(0);
    expect(await timelines.read(accountId, page)).toBeUndefined();
  });

  fact('a rebuilt timeline is ready, even if it is empty', async (world) => {
    const { timelines } = world.engine;
    const empty = await aReadyTimeline(world, [], true);
    expect(await timelines.read(empty, page)).toEqual({ postIds: [], complete: true });
    const [one = '', two = ''] = someIds(world, 2);
    const accountId = await aReadyTimeline(world, [two, one], true);
    expect(await timelines.read(accountId, page)).toEqual({ postIds: [two, one], complete: true });
  });

  fact('a window is read in pages', async (world) => {
    const { timelines } = world.engine;
    const ids = someIds(world, 6).reverse();
    const accountId = await aReadyTimeline(world, ids, true);
    for (let from = 0; from <= ids.length; from++) {
      for (const limit of [1, 2, 4, 100]) {
        const before = from === 0 ? undefined : ids[from - 1];
        const slice = await timelines.read(accountId, { before, limit });
        expect(slice).toEqual({ postIds: ids.slice(from, from + limit), complete: true });
      }
    }
    expect(await timelines.read(accountId, { before: world.id(), limit: 2 })).toMatchObject({
      postIds: ids.slice(0, 2),
    });
  });

  fact('a push reaches ready timelines, once', async (world) => {
    const { timelines } = world.engine;
    const ready = [await aReadyTimeline(world, [], true), await aReadyTimeline(world, [world.id()], true)];
    const cold = world.id();
    const postId = world.id();
    expect(await timelines.push(postId, [...ready, cold])).toBe(2);
    await timelines.push(postId, [...ready, cold]);
    await atOnce(10, () => timelines.push(postId, ready));
    for (const accountId of ready) {
      const slice = present(await timelines.read(accountId, page), 'timeline');
      expect(slice.postIds.filter((id) => id === postId)).toHaveLength(1);
    }
    expect(await timelines.read(cold, page)).toBeUndefined();
    expect(await timelines.push(world.id(), [])).toBe(0);
  });

  fact('a push reaches a thousand timelines', async (world) => {
    const { timelines } = world.engine;
    const accountIds = await atOnce(1_000, () => aReadyTimeline(world, [], true));
    const postId = world.id();
    expect(await timelines.push(postId, accountIds)).toBe(1_000);
    for (const accountId of accountIds) {
      expect((await timelines.read(accountId, page))?.postIds).toEqual([postId]);
    }
  });

  fact('a late push of an older post is inserted in order', async (world) => {
    const { timelines } = world.engine;
    const [a = '', b = '', c = '', d = ''] = someIds(world, 4);
    const accountId = await aReadyTimeline(world, [d, b], true);
    await timelines.push(c, [accountId]);
    await timelines.push(a, [accountId]);
    expect(await timelines.read(accountId, page)).toEqual({ postIds: [d, c, b, a], complete: true });
  });

  fact('a truncated window accepts nothing below its end', async (world) => {
    const { timelines } = world.engine;
    const [a = '', b = '', c = '', d = ''] = someIds(world, 4);
    const accountId = await aReadyTimeline(world, [d, b], false);
    await timelines.push(a, [accountId]);
    expect(await timelines.read(accountId, page)).toEqual({ postIds: [d, b], complete: false });
    await timelines.push(c, [accountId]);
    expect(await timelines.read(accountId, page)).toEqual({ postIds: [d, c, b], complete: false });
  });

  factAlone(
    'a window is cut at its length, and then no longer complete',
    { timelineLength },
    async (world) => {
      const { timelines } = world.engine;
      const ids = someIds(world, 8);
      const accountId = await aReadyTimeline(world, ids.slice(0, 5).reverse(), true);
      expect(await timelines.read(accountId, page)).toMatchObject({ complete: true });
      for (const id of ids.slice(5)) await timelines.push(id, [accountId]);
      expect(await timelines.read(accountId, page)).toEqual({
        postIds: ids.slice(3).reverse(),
        complete: false,
      });
      await timelines.push(ids[0] ?? '', [accountId]);
      expect(await timelines.read(accountId, page)).toEqual({
        postIds: ids.slice(3).reverse(),
        complete: false,
      });
    },
  );

  factAlone('a rebuild with more ids than the window is truncated', { timelineLength }, async (world) => {
    const ids = someIds(world, 8).reverse();
    const accountId = await aReadyTimeline(world, ids, true);
    expect(await world.engine.timelines.read(accountId, page)).toEqual({
      postIds: ids.slice(0, timelineLength),
      complete: false,
    });
  });

  fact('posts pushed during a rebuild are in the timeline', async (world) => {
    const { timelines } = world.engine;
    const [a = '', b = '', c = '', d = ''] = someIds(world, 4);
    const accountId = world.id();
    const ticket = await timelines.beginRebuild(accountId);
    expect(ticket.accountId).toBe(accountId);
    expect(await timelines.push(d, [accountId])).toBe(1);
    await timelines.push(d, [accountId]);
    await timelines.push(b, [accountId]);
    expect(await timelines.read(accountId, page)).toBeUndefined();
    expect(await timelines.completeRebuild(ticket, [c, b, a], true)).toBe(true);
    expect(await timelines.read(accountId, page)).toEqual({ postIds: [d, c, b, a], complete: true });
  });

  fact('a timeline dropped during its rebuild stays cold', async (world) => {
    const { timelines } = world.engine;
    const accountId = world.id();
    const ticket = await timelines.beginRebuild(accountId);
    await timelines.drop([accountId]);
    expect(await timelines.push(world.id(), [accountId])).toBe(0);
    expect(await timelines.completeRebuild(ticket, [world.id()], true)).toBe(false);
    expect(await timelines.read(accountId, page)).toBeUndefined();

    const next = await timelines.beginRebuild(accountId);
    expect(await timelines.completeRebuild(ticket, [world.id()], true)).toBe(false);
    expect(await timelines.read(accountId, page)).toBeUndefined();
    const postId = world.id();
    expect(await timelines.completeRebuild(next, [postId], true)).toBe(true);
    expect(await timelines.completeRebuild(ticket, [], true)).toBe(false);
    expect(await timelines.read(accountId, page)).toEqual({ postIds: [postId], complete: true });
  });

  fact('of two concurrent rebuilds one is kept, and no push is lost', async (world) => {
    const { timelines } = world.engine;
    for (const firstCompletes of [true, false]) {
      const [old = '', one = '', two = ''] = someIds(world, 3);
      const accountId = world.id();
      const first = await timelines.beginRebuild(accountId);
      await timelines.push(one, [accountId]);
      const second = await timelines.beginRebuild(accountId);
      await timelines.push(two, [accountId]);
      const completing: [RebuildTicket, string[]][] = [
        [first, [old]],
        [second, [one, old]],
      ];
      const results: boolean[] = [];
      for (const [ticket, postIds] of firstCompletes ? completing : completing.reverse()) {
        results.push(await timelines.completeRebuild(ticket, postIds, true));
      }
      expect(results.filter(Boolean)).toHaveLength(1);
      expect(await timelines.read(accountId, page)).toEqual({ postIds: [two, one, old], complete: true });
    }
  });

  fact('dropped timelines are cold, others are unaffected', async (world) => {
    const { timelines } = world.engine;
    const [a = '', b = '', c = ''] = await atOnce(3, () => aReadyTimeline(world, [], true));
    for (let i = 0; i < 2; i++) await timelines.drop([a, c, world.id()]);
    await timelines.drop([]);
    expect(await timelines.read(a, page)).toBeUndefined();
    expect(await timelines.read(b, page)).toEqual({ postIds: [], complete: true });
    expect(await timelines.read(c, page)).toBeUndefined();
  });

  expectModelledTimelines(context);
};
