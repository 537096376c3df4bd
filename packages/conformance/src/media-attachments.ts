import { expect } from 'vitest';
import { aPostTarget, aReservation, attach, aVideoToProcess, mediaOf, newMedia } from './media-fixtures.ts';
import type { SuiteContext } from './suite.ts';
import { atOnce } from './world.ts';

/** A medium is attached to at most one target. */
export function expectAttachments({ fact }: SuiteContext): void {
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

  fact('attaching to the same target again is a retry, and is provisional again', async (world) => {
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

  fact('either all media are attached, or none', async (world) => {
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

  fact('of several posts that attach a medium concurrently, one gets it', async (world) => {
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

  fact('of posts that attach overlapping media concurrently, one gets all of its media', async (world) => {
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

  fact('a medium is either attached or removed', async (world) => {
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

  fact('media are listed by their exact target, and by its post', async (world) => {
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
