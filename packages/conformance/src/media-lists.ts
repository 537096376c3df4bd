import { newMediaKey } from '@twite/core/media/media-keys';
import { expect } from 'vitest';
import { anImage, aPostTarget, aReservation, attach, newMedia } from './media-fixtures.ts';
import { expectPagesAfter } from './pages.ts';
import type { SuiteContext } from './suite.ts';
import { atOnce } from './world.ts';

/** Lists of media by id, by owner and overall; and the events that they emit. */
export function expectMediaLists({ fact, factAlone }: SuiteContext): void {
  fact('several media are found at once, without unknown ones', async (world) => {
    const { media } = world.engine;
    const ownerId = world.id();
    const mediaIds = [await newMedia(world, ownerId), await newMedia(world, ownerId)];
    const unknown = Array.from({ length: 2_000 }, () => world.id());
    const found = await media.findMany([...mediaIds, ...unknown, ...mediaIds]);
    expect([...found.keys()].sort()).toEqual(mediaIds);
    expect((await media.findMany([])).size).toBe(0);
    expect(await media.findRemoved(unknown)).toEqual([]);
    expect(await media.keysAmong(Array.from({ length: 1_000 }, () => newMediaKey('image/webp')))).toEqual(
      new Set(),
    );
  });

  fact(
    'the bytes of an owner are first those of the upload, then those of the stored objects',
    async (world) => {
      const { media } = world.engine;
      const ownerId = world.id();
      expect(await media.bytesOf(ownerId)).toBe(0);
      const reservation = aReservation(world, ownerId, { storedBytes: 4_000_000_000_000 });
      await media.reserve(reservation);
      const other = await newMedia(world, ownerId, anImage({ storedBytes: 11 }));
      await newMedia(world, world.id());
      expect(await media.bytesOf(ownerId)).toBe(4_000_000_000_011);
      await media.publish(reservation.mediaId, anImage({ storedBytes: 22 }));
      expect(await media.bytesOf(ownerId)).toBe(33);
      await media.update(other, { storedBytes: 1 });
      expect(await media.bytesOf(ownerId)).toBe(23);
      await media.remove([other], { at: 1 });
      expect(await media.bytesOf(ownerId)).toBe(22);
      await atOnce(10, () => newMedia(world, ownerId, anImage({ storedBytes: 100 })));
      expect(await media.bytesOf(ownerId)).toBe(1_022);
    },
  );

  fact('the media of an owner are paged stably while media arrive', async (world) => {
    await expectPagesAfter(async () => {
      const ownerId = world.id();
      await newMedia(world, world.id());
      return {
        add: () => newMedia(world, ownerId),
        list: (page) => world.engine.media.listByOwner(ownerId, page),
      };
    });
    const ownerId = world.id();
    const mediaId = await newMedia(world, ownerId);
    expect(await world.engine.media.listByOwner(ownerId, { after: '', limit: 1 })).toEqual([mediaId]);
  });

  factAlone('all records are listed in the order of ids, including removed ones', {}, async (world) => {
    const { media } = world.engine;
    const mediaIds: string[] = [];
    for (let i = 0; i < 5; i++) mediaIds.push(await newMedia(world, world.id()));
    await media.remove(mediaIds.slice(1, 2), { at: 1 });
    const found: string[] = [];
    for (;;) {
      const page = await media.list({ after: found.at(-1), limit: 2 });
      found.push(...page.map(({ mediaId }) => mediaId));
      if (page.length < 2) break;
    }
    expect(found).toEqual(mediaIds);
    expect((await media.list({ limit: 2 }))[1]).toMatchObject({ mediaId: mediaIds[1], state: 'removed' });
  });

  factAlone('a change that clients can see emits an event, and no other change does', {}, async (world) => {
    const { media, events } = world.engine;
    const ownerId = world.id();
    /** The media for which a step emits events. */
    const changedBy = async (step: () => Promise<unknown>) => {
      await world.settled();
      const changed: string[] = [];
      const subscription = await events.consume('upkeep', async (batch) => {
        for (const event of batch) changed.push(event.type === 'mediaChanged' ? event.mediaId : event.type);
      });
      await world.settled();
      changed.length = 0;
      await step();
      await world.settled();
      await subscription[Symbol.asyncDispose]();
      return [...new Set(changed)].sort();
    };
    const reservation = aReservation(world, ownerId);
    const { mediaId } = reservation;
    const other = await newMedia(world, ownerId);
    const target = aPostTarget(world);
    expect(await changedBy(() => media.reserve(reservation))).toEqual([]);
    expect(await changedBy(() => media.addKeys(mediaId, [newMediaKey('image/webp')]))).toEqual([]);
    expect(await changedBy(() => media.publish(mediaId, anImage()))).toEqual([mediaId]);
    expect(await changedBy(() => media.publish(mediaId, anImage()))).toEqual([]);
    expect(await changedBy(() => attach(world, [mediaId, other], ownerId, target))).toEqual([]);
    expect(await changedBy(() => media.keep([mediaId, other], target))).toEqual([]);
    expect(await changedBy(() => media.update(mediaId, { altText: 'Other' }))).toEqual([mediaId]);
    expect(await changedBy(() => media.update(world.id(), { altText: 'Other' }))).toEqual([]);
    expect(await changedBy(() => media.remove([mediaId, other], { at: 1, only: 'unattached' }))).toEqual([]);
    expect(await changedBy(() => media.remove([mediaId, other], { at: 1 }))).toEqual([other, mediaId].sort());
    expect(await changedBy(() => media.remove([mediaId, other], { at: 1 }))).toEqual([]);
    expect(await changedBy(() => media.erase([mediaId, other]))).toEqual([]);
  });
}
