import { newMediaKey } from '@twite/core/media/media-keys';
import { expect } from 'vitest';
import { expectModelledCatalogue } from './media.property.ts';
import { expectAttachments } from './media-attachments.ts';
import {
  anImage,
  aPostTarget,
  aReservation,
  attach,
  aVariant,
  aVideoToProcess,
  mediaOf,
  newMedia,
} from './media-fixtures.ts';
import { expectMediaLists } from './media-lists.ts';
import { expectRemovedMedia } from './media-removal.ts';
import type { Suite, SuiteContext } from './suite.ts';
import { atOnce } from './world.ts';

function states({ fact }: SuiteContext): void {
  fact('a reserved medium has the state uploading and its given fields', async (world) => {
    const reservation = aReservation(world, world.id(), { altText: 'Naïve 👍\u2028"' });
    expect(await world.engine.media.reserve(reservation)).toBe('reserved');
    const record = await mediaOf(world, reservation.mediaId);
    expect(record).toEqual({
      ...reservation,
      state: 'uploading',
      main: null,
      width: 0,
      height: 0,
      durationMs: null,
      thumbhash: null,
      variants: [],
      sourceKey: null,
      target: null,
      rev: 1,
    });
    expect(Object.isFrozen(record)).toBe(true);
  });

  fact('reserving again changes nothing, even after its removal', async (world) => {
    const { media } = world.engine;
    const ownerId = world.id();
    const reservation = aReservation(world, ownerId);
    const results = await atOnce(10, () => media.reserve(reservation));
    expect(results.filter((result) => result === 'reserved')).toHaveLength(1);
    const before = await mediaOf(world, reservation.mediaId);
    expect(await media.reserve({ ...reservation, ownerId: world.id(), storedBytes: 1 })).toBe('exists');
    expect(await mediaOf(world, reservation.mediaId)).toEqual(before);
    await media.remove([reservation.mediaId], { at: 1 });
    expect(await media.reserve(reservation)).toBe('exists');
    expect((await media.findMany([reservation.mediaId])).size).toBe(0);
    expect(await media.bytesOf(ownerId)).toBe(0);
  });

  fact('an image is published as ready, with the results of processing', async (world) => {
    const { media } = world.engine;
    const reservation = aReservation(world, world.id());
    await media.reserve(reservation);
    const published = anImage();
    expect(await media.publish(reservation.mediaId, published)).toBe(true);
    const record = await mediaOf(world, reservation.mediaId);
    expect(record).toEqual({ ...reservation, ...published, target: null, rev: 2 });
    expect(await media.publish(reservation.mediaId, anImage())).toBe(false);
    expect(await mediaOf(world, reservation.mediaId)).toEqual(record);
  });

  fact('a video only goes from uploading to processing to ready or failed', async (world) => {
    const { media } = world.engine;
    const ownerId = world.id();
    const { name: _, ...main } = aVariant('poster', 1_920);
    const ready = { ...aVideoToProcess(), state: 'ready' as const, main, sourceKey: null };
    const failed = { ...aVideoToProcess(), state: 'failed' as const, sourceKey: null };
    for (const end of [ready, failed]) {
      const reservation = aReservation(world, ownerId, { kind: 'video' });
      const { mediaId } = reservation;
      await media.reserve(reservation);
      expect(await media.publish(mediaId, failed)).toBe(false);
      const uploaded = aVideoToProcess();
      expect(await media.publish(mediaId, uploaded)).toBe(true);
      expect(await mediaOf(world, mediaId)).toMatchObject({ ...uploaded, rev: 2 });
      expect(await media.publish(mediaId, aVideoToProcess())).toBe(false);
      expect(await mediaOf(world, mediaId)).toMatchObject(uploaded);
      expect(await media.publish(mediaId, end)).toBe(true);
      expect(await mediaOf(world, mediaId)).toMatchObject({ ...end, kind: 'video', rev: 3 });
      for (const again of [ready, failed, uploaded]) expect(await media.publish(mediaId, again)).toBe(false);
    }
    expect(await media.publish(world.id(), ready)).toBe(false);
  });

  fact('of several concurrent publications of a medium, one is the first', async (world) => {
    const { media } = world.engine;
    const reservation = aReservation(world, world.id());
    await media.reserve(reservation);
    const images = Array.from({ length: 10 }, () => anImage());
    const results = await Promise.all(images.map((image) => media.publish(reservation.mediaId, image)));
    expect(results.filter(Boolean)).toHaveLength(1);
    const winner = images[results.indexOf(true)];
    expect(await mediaOf(world, reservation.mediaId)).toMatchObject({ ...winner, rev: 2 });
  });

  fact('an update changes the given fields and increments the revision', async (world) => {
    const { media } = world.engine;
    const mediaId = await newMedia(world, world.id());
    const before = await mediaOf(world, mediaId);
    expect(await media.update(mediaId, { altText: '' })).toBe(true);
    expect(await mediaOf(world, mediaId)).toEqual({ ...before, altText: '', rev: 3 });
    const squares = [aVariant('square96', 96), aVariant('square400', 400)];
    const keys = squares.map(({ key }) => key);
    await media.addKeys(mediaId, keys);
    const changes = { focus: { x: -0.5, y: 1 }, variants: squares, storedBytes: 7 };
    const [dropped = '', kept = ''] = before.keys;
    expect(await media.update(mediaId, { ...changes, droppedKeys: [dropped] })).toBe(true);
    expect(await mediaOf(world, mediaId)).toEqual({
      ...before,
      ...changes,
      altText: '',
      keys: [kept, ...keys],
      rev: 4,
    });
    expect(await media.keysAmong([dropped, kept, ...keys])).toEqual(new Set([kept, ...keys]));
  });

  fact('variants are replaced only by objects whose keys the medium has', async (world) => {
    const { media } = world.engine;
    const mediaId = await newMedia(world, world.id(), anImage());
    const before = await mediaOf(world, mediaId);
    const squares = [aVariant('square96', 96), aVariant('square400', 400)];
    expect(await media.update(mediaId, { altText: 'Other', variants: squares })).toBe(false);
    expect(await mediaOf(world, mediaId)).toEqual(before);
    await media.addKeys(mediaId, squares.map(({ key }) => key).slice(1));
    expect(await media.update(mediaId, { variants: squares })).toBe(false);
    await media.addKeys(mediaId, [squares[0]?.key ?? newMediaKey('image/webp')]);
    expect(await media.update(mediaId, { variants: squares })).toBe(true);
  });

  fact('only processing or ready media are updated', async (world) => {
    const { media } = world.engine;
    const ownerId = world.id();
    const uploading = aReservation(world, ownerId);
    await media.reserve(uploading);
    const failed = await newMedia(world, ownerId, aVideoToProcess());
    expect(await media.update(failed, { altText: 'Other' })).toBe(true);
    await media.publish(failed, { ...aVideoToProcess(), state: 'failed' });
    const removed = await newMedia(world, ownerId);
    await media.remove([removed], { at: 1 });
    for (const mediaId of [uploading.mediaId, failed, removed, world.id()]) {
      expect(await media.update(mediaId, { altText: 'Never' })).toBe(false);
    }
    const found = await media.findMany([uploading.mediaId, failed]);
    expect([...found.values()].map(({ altText }) => altText)).not.toContain('Never');
  });

  fact('keys are added while a medium is not removed, each once, in order', async (world) => {
    const { media } = world.engine;
    const reservation = aReservation(world, world.id());
    const { mediaId } = reservation;
    await media.reserve(reservation);
    const keys = [newMediaKey('video/mp4'), newMediaKey('image/webp')];
    for (let i = 0; i < 2; i++) expect(await media.addKeys(mediaId, keys)).toBe(true);
    expect((await mediaOf(world, mediaId)).keys).toEqual([...reservation.keys, ...keys]);
    const others = Array.from({ length: 10 }, () => newMediaKey('image/webp'));
    await Promise.all(others.map((key) => media.addKeys(mediaId, [key])));
    const all = [...reservation.keys, ...keys, ...others];
    expect(new Set((await mediaOf(world, mediaId)).keys)).toEqual(new Set(all));
    expect(await media.keysAmong([...all, newMediaKey('image/webp')])).toEqual(new Set(all));
    await media.remove([mediaId], { at: 1 });
    expect(await media.addKeys(mediaId, [newMediaKey('image/webp')])).toBe(false);
    expect(await media.addKeys(world.id(), keys)).toBe(false);
    expect(await media.keysAmong(all)).toEqual(new Set(all));
    await media.erase([mediaId]);
    expect(await media.keysAmong(all)).toEqual(new Set());
    expect(await media.keysAmong([])).toEqual(new Set());
  });
}

export const mediaSuite: Suite = (context) => {
  states(context);
  expectAttachments(context);
  expectRemovedMedia(context);
  expectMediaLists(context);
  expectModelledCatalogue(context);
  context.factOverReopen('media outlive the process', async (world, reopen) => {
    const ownerId = world.id();
    const mediaIds = [await newMedia(world, ownerId), await newMedia(world, ownerId)];
    const target = aPostTarget(world);
    await attach(world, mediaIds.slice(0, 1), ownerId, target);
    await world.engine.media.remove(mediaIds.slice(1), { at: 1 });
    const before = await world.engine.media.list({ limit: 10 });
    expect(before).toHaveLength(2);
    const after = await reopen();
    expect(await after.engine.media.list({ limit: 10 })).toEqual(before);
    expect(await after.engine.media.listByTarget(target)).toEqual(mediaIds.slice(0, 1));
  });
};
