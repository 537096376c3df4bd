import { newMediaKey } from '@twite/core/media/media-keys';
import { expect } from 'vitest';
import { expectModelledCatalogue } from './media.property.ts';
import {
  anImage,
  aPostTarget,
  aReservation,
  aVariant,
  aVideoToProcess,
  mediaOf,
  newMedia,
} from './media-fixtures.ts';
import { expectPagesAfter } from './pages.ts';
import type { Suite, SuiteContext } from './suite.ts';
import { atOnce, type World } from './world.ts';

const removedIn = async (world: World, mediaIds: readonly string[]) =>
  (await world.engine.media.findRemoved(mediaIds)).map(({ mediaId }) => mediaId);

const attach = (world: World, mediaIds: readonly string[], ownerId: string, target = aPostTarget(world)) =>
  world.engine.media.attach(mediaIds, { ownerId, target, expiresAt: world.clock.now() + 1_000 });

function states({ fact }: SuiteContext): void {
  fact('a reserved medium is uploading, and kept as it was given', async (world) => {
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

  fact('reserving again changes nothing, also once it was removed', async (world) => {
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

  fact('an image is published as ready, with what processing found', async (world) => {
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

  fact('a video goes from uploading over processing to ready or failed, and no other way', async (world) => {
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

  fact('of many who publish one medium at once, one is the first', async (world) => {
    const { media } = world.engine;
    const reservation = aReservation(world, world.id());
    await media.reserve(reservation);
    const images = Array.from({ length: 10 }, () => anImage());
    const results = await Promise.all(images.map((image) => media.publish(reservation.mediaId, image)));
    expect(results.filter(Boolean)).toHaveLength(1);
    const winner = images[results.indexOf(true)];
    expect(await mediaOf(world, reservation.mediaId)).toMatchObject({ ...winner, rev: 2 });
  });

  fact('an update changes what is given, and counts', async (world) => {
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

  fact('only what is processing or ready is updated', async (world) => {
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

function attachments({ fact }: SuiteContext): void {
  fact('an attachment is provisional until its target keeps it', async (world) => {
    const { media } = world.engine;
    const ownerId = world.id();
    const mediaIds = [await newMedia(world, ownerId), await newMedia(world, ownerId, aVideoToProcess())];
    const target = aPostTarget(world);
    expect(await media.attach(mediaIds, { ownerId, target, expiresAt: 77 })).toEqual([]);
    for (const mediaId of mediaIds)
      expect(await mediaOf(world, mediaId)).toMatchObject({ target, expiresAt: 77, rev: 2 });
    expect(new Set(await media.listByTarget(target))).toEqual(new Set(mediaIds));
    await media.keep(mediaIds, aPostTarget(world));
    expect((await mediaOf(world, mediaIds[0] ?? '')).expiresAt).toBe(77);
    for (let i = 0; i < 2; i++) await media.keep([...mediaIds, world.id()], target);
    for (const mediaId of mediaIds)
      expect(await mediaOf(world, mediaId)).toMatchObject({ target, expiresAt: null, rev: 2 });
  });

  fact('attaching again to the same target is a retry, and provisional again', async (world) => {
    const { media } = world.engine;
    const ownerId = world.id();
    const mediaId = await newMedia(world, ownerId);
    const target = aPostTarget(world);
    await media.attach([mediaId], { ownerId, target, expiresAt: 5 });
    await media.keep([mediaId], target);
    expect(await media.attach([mediaId], { ownerId, target, expiresAt: 6 })).toEqual([]);
    expect(await mediaOf(world, mediaId)).toMatchObject({ target, expiresAt: 6 });
    expect(await attach(world, [mediaId], ownerId)).toEqual([mediaId]);
    expect(await mediaOf(world, mediaId)).toMatchObject({ target, expiresAt: 6 });
  });

  fact('all are attached, or none', async (world) => {
    const { media } = world.engine;
    const ownerId = world.id();
    const free = await newMedia(world, ownerId);
    const uploading = aReservation(world, ownerId);
    await media.reserve(uploading);
    const failed = await newMedia(world, ownerId, aVideoToProcess());
    await media.publish(failed, { ...aVideoToProcess(), state: 'failed' });
    const removed = await newMedia(world, ownerId);
    await media.remove([removed], { at: 1 });
    const elsewhere = await newMedia(world, ownerId);
    await attach(world, [elsewhere], ownerId);
    const foreign = await newMedia(world, world.id());
    const target = aPostTarget(world);
    const mine = await newMedia(world, ownerId);
    expect(await attach(world, [mine], ownerId, target)).toEqual([]);
    const before = await media.findMany([free, mine]);
    for (const other of [uploading.mediaId, failed, removed, elsewhere, foreign, world.id()]) {
      expect(await media.attach([free, mine, other], { ownerId, target, expiresAt: 3 })).toEqual([other]);
      expect(await media.findMany([free, mine])).toEqual(before);
    }
    expect(await attach(world, [foreign, free, failed], ownerId, target)).toHaveLength(2);
    expect(await attach(world, [], ownerId)).toEqual([]);
    expect(await attach(world, [free, mine], ownerId, target)).toEqual([]);
  });

  fact('of many posts that take one medium at once, one gets it', async (world) => {
    const { media } = world.engine;
    const ownerId = world.id();
    const mediaId = await newMedia(world, ownerId);
    const targets = Array.from({ length: 10 }, () => aPostTarget(world));
    const results = await Promise.all(targets.map((target) => attach(world, [mediaId], ownerId, target)));
    expect(results.filter((refused) => refused.length === 0)).toHaveLength(1);
    expect(results.filter((refused) => refused.includes(mediaId))).toHaveLength(9);
    const winner = targets[results.findIndex((refused) => refused.length === 0)];
    expect((await mediaOf(world, mediaId)).target).toEqual(winner);
    for (const target of targets)
      expect(await media.listByTarget(target)).toEqual(target === winner ? [mediaId] : []);
  });

  fact('of posts that take some of the same media at once, one gets all of its own', async (world) => {
    const { media } = world.engine;
    for (let round = 0; round < 10; round++) {
      const ownerId = world.id();
      const [a = '', b = '', c = ''] = await atOnce(3, () => newMedia(world, ownerId));
      const wanted = [
        [a, b],
        [b, c],
        [c, a],
      ].map((mediaIds) => ({ mediaIds, target: aPostTarget(world) }));
      const results = await Promise.all(
        wanted.map(({ mediaIds, target }) => attach(world, mediaIds, ownerId, target)),
      );
      expect(results.filter((refused) => refused.length === 0)).toHaveLength(1);
      for (const [index, { mediaIds, target }] of wanted.entries()) {
        const attached = [...(await media.listByTarget(target))].sort();
        expect(attached).toEqual(results[index]?.length === 0 ? mediaIds.toSorted() : []);
      }
    }
  });

  fact('a medium is attached or removed, not both', async (world) => {
    const { media } = world.engine;
    for (let round = 0; round < 20; round++) {
      const ownerId = world.id();
      const mediaId = await newMedia(world, ownerId);
      const [refused, removed] = await Promise.all([
        attach(world, [mediaId], ownerId),
        media.remove([mediaId], { at: 1, only: 'unattached' }),
      ]);
      expect(removed).toBe(refused.length);
      expect((await media.findMany([mediaId])).size).toBe(1 - removed);
    }
  });

  fact('media are listed by exactly their target, and by the post that it belongs to', async (world) => {
    const { media } = world.engine;
    const ownerId = world.id();
    const postId = world.id();
    const replyId = world.id();
    const targets = [
      { kind: 'post', postId },
      { kind: 'reply', postId, replyId },
      { kind: 'reply', postId, replyId: world.id() },
      { kind: 'post', postId: world.id() },
      { kind: 'reply', postId: world.id(), replyId: world.id() },
      { kind: 'avatar', accountId: ownerId },
      { kind: 'banner', accountId: ownerId },
    ] as const;
    const mediaIds: string[] = [];
    for (const target of targets) {
      const mediaId = await newMedia(world, ownerId);
      expect(await attach(world, [mediaId], ownerId, target)).toEqual([]);
      expect((await mediaOf(world, mediaId)).target).toEqual(target);
      mediaIds.push(mediaId);
    }
    for (const [index, target] of targets.entries())
      expect(await media.listByTarget(target)).toEqual([mediaIds[index]]);
    const ofPost = mediaIds.slice(0, 3);
    expect([...(await media.listByPost(postId, 10))].sort()).toEqual(ofPost);
    expect(await media.listByPost(postId, 2)).toHaveLength(2);
    await media.remove(mediaIds.slice(0, 1), { at: 1 });
    expect([...(await media.listByPost(postId, 10))].sort()).toEqual(ofPost.slice(1));
    expect(await media.listByTarget(targets[0])).toEqual([]);
    expect(await media.listByPost(world.id(), 10)).toEqual([]);
  });
}

function removal({ fact, factAlone }: SuiteContext): void {
  fact('a removed medium is unseen, and known until it is erased', async (world) => {
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

  fact('a removal may spare what is attached, provisional or not expired', async (world) => {
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

  fact('of many removals of one medium at once, one is the first', async (world) => {
    const mediaId = await newMedia(world, world.id());
    const results = await atOnce(10, () => world.engine.media.remove([mediaId], { at: 1 }));
    expect(results.toSorted()).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
  });

  factAlone('what is due is listed oldest first, removed ones too, and nothing else', {}, async (world) => {
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
  });
}

function lists({ fact, factAlone }: SuiteContext): void {
  fact('media are found together, without the unknown', async (world) => {
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

  fact('the bytes of an owner are those of the upload, then those that are stored', async (world) => {
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
  });

  fact('the media of an owner come in pages that stay stable while media arrive', async (world) => {
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

  factAlone('all records come in the order of ids, removed ones too', {}, async (world) => {
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

  factAlone('what clients see emits an event, and nothing else does', {}, async (world) => {
    const { media, events } = world.engine;
    const ownerId = world.id();
    /** The media that a step emits events for. */
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

export const mediaSuite: Suite = (context) => {
  states(context);
  attachments(context);
  removal(context);
  lists(context);
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
