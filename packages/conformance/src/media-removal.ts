import { expect } from 'vitest';
import { anImage, aPostTarget, aReservation, attach, mediaOf, newMedia } from './media-fixtures.ts';
import type { SuiteContext } from './suite.ts';
import { atOnce, type World } from './world.ts';

const removedIn = async (world: World, mediaIds: readonly string[]) =>
  (await world.engine.media.findRemoved(mediaIds)).map(({ mediaId }) => mediaId);

/** Removed media are hidden, but stay known until they are erased. */
export function expectRemovedMedia({ fact, factAlone }: SuiteContext): void {
  fact('a removed medium is invisible, and known until it is erased', async (world) => {
    const { media } = world.engine;
    const ownerId = world.id();
    const mediaId = await newMedia(world, ownerId);
    const { rev: _, ...before } = await mediaOf(world, mediaId);
    await media.erase([mediaId]);
    expect((await media.findMany([mediaId])).size).toBe(1);
    expect(await media.findRemoved([mediaId])).toEqual([]);
    expect(await media.remove([mediaId, world.id()], { at: 50 })).toBe(1);
    expect(await media.remove([mediaId], { at: 60 })).toBe(0);
    expect((await media.findMany([mediaId])).size).toBe(0);
    expect(await media.listByOwner(ownerId, { limit: 10 })).toEqual([]);
    expect(await media.bytesOf(ownerId)).toBe(0);
    expect(await attach(world, [mediaId], ownerId)).toEqual([mediaId]);
    expect(await media.publish(mediaId, anImage())).toBe(false);
    const [removed] = await media.findRemoved([mediaId, world.id()]);
    expect(removed).toMatchObject({ ...before, state: 'removed', expiresAt: 50 });
    await media.keep([mediaId], aPostTarget(world));
    for (let i = 0; i < 2; i++) await media.erase([mediaId, world.id()]);
    expect(await media.findRemoved([mediaId])).toEqual([]);
    expect(await media.remove([], { at: 1 })).toBe(0);
  });

  fact('a removal can spare media that are attached, provisional or not expired', async (world) => {
    const { media } = world.engine;
    const ownerId = world.id();
    const target = aPostTarget(world);
    const setUp = async () => {
      const free = await newMedia(world, ownerId, anImage(), { expiresAt: 10 });
      const provisional = await newMedia(world, ownerId);
      const kept = await newMedia(world, ownerId);
      await media.attach([provisional, kept], { ownerId, target, expiresAt: 20 });
      await media.keep([kept], target);
      return { free, provisional, kept, all: [free, provisional, kept] };
    };
    const one = await setUp();
    expect(await media.remove(one.all, { at: 1, only: 'unattached' })).toBe(1);
    expect(await removedIn(world, one.all)).toEqual([one.free]);
    const two = await setUp();
    expect(await media.remove(two.all, { at: 1, only: 'kept' })).toBe(1);
    expect(await removedIn(world, two.all)).toEqual([two.kept]);
    const three = await setUp();
    expect(await media.remove(three.all, { at: 1, only: { expiredBefore: 9 } })).toBe(0);
    expect(await media.remove(three.all, { at: 1, only: { expiredBefore: 10 } })).toBe(1);
    expect(await removedIn(world, three.all)).toEqual([three.free]);
    expect(await media.remove(three.all, { at: 1, only: { expiredBefore: 1_000 } })).toBe(1);
    expect([...(await removedIn(world, three.all))].sort()).toEqual([three.free, three.provisional]);
    const four = await setUp();
    expect(await media.remove(four.all, { at: 1 })).toBe(3);
  });

  fact('of several concurrent removals of a medium, one is the first', async (world) => {
    const mediaId = await newMedia(world, world.id());
    const results = await atOnce(10, () => world.engine.media.remove([mediaId], { at: 1 }));
    expect(results.toSorted()).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
  });

  factAlone(
    'due media are listed oldest first, including removed ones, and nothing else',
    {},
    async (world) => {
      const { media } = world.engine;
      const ownerId = world.id();
      const due = new Map<number, string>();
      for (const expiresAt of [30, 10, 20]) {
        due.set(expiresAt, await newMedia(world, ownerId, anImage(), { expiresAt }));
      }
      const uploading = aReservation(world, ownerId, { expiresAt: 25 });
      await media.reserve(uploading);
      const kept = await newMedia(world, ownerId, anImage(), { expiresAt: 5 });
      const target = aPostTarget(world);
      await media.attach([kept], { ownerId, target, expiresAt: 5 });
      await media.keep([kept], target);
      await newMedia(world, ownerId, anImage(), { expiresAt: 41 });
      const removed = await newMedia(world, ownerId, anImage(), { expiresAt: 900 });
      await media.remove([removed], { at: 40 });
      const list = async (before: number, limit: number) =>
        (await media.listDue(before, limit)).map(({ mediaId }) => mediaId);
      const all = [due.get(10), due.get(20), uploading.mediaId, due.get(30), removed];
      expect(await list(40, 100)).toEqual(all);
      expect(await list(40, 2)).toEqual(all.slice(0, 2));
      expect(await list(39, 100)).toEqual(all.slice(0, 4));
      expect(await list(9, 100)).toEqual([]);
      expect((await media.listDue(40, 100)).at(-1)).toMatchObject({ mediaId: removed, state: 'removed' });
      await media.erase([removed]);
      expect(await list(40, 100)).toEqual(all.slice(0, 4));
    },
  );
}
