import { updateMe } from '@twite/core/accounts/update-me';
import { type Deps, defaultSettings } from '@twite/core/engine';
import { cleanUp } from '@twite/core/events/clean-up';
import { expireMedia } from '@twite/core/media/expire-media';
import type { MediaProcessor, ProcessedFile, ProcessedMedia } from '@twite/core/media/media-processor';
import type { MediaSnapshot, VariantName } from '@twite/core/media/media-record';
import { mediaUrlFrom } from '@twite/core/media/present-media';
import { purgeMedia } from '@twite/core/media/purge-media';
import { syncTarget } from '@twite/core/media/sync-media';
import { updateMedia } from '@twite/core/media/update-media';
import { uploadMedia } from '@twite/core/media/upload-media';
import { createPost } from '@twite/core/posts/create-post';
import { createTimelineRebuilds } from '@twite/core/timelines/timeline-rebuilds';
import { expect } from 'vitest';
import { mediaOf, snapshotFor } from './media-fixtures.ts';
import type { Suite } from './suite.ts';
import { accountOf, newAccount, newPost, postOf, type World } from './world.ts';

const hour = 3_600_000;
const png = new Uint8Array([1, 2, 3]);

const aFile = (): ProcessedFile => ({
  path: '/nowhere',
  bytes: png.length,
  mimeType: 'image/webp',
  width: 96,
  height: 96,
  async *open() {
    yield png;
  },
});

/** Creates files of three bytes: their content does not matter here. */
const tinyFiles = (names: readonly VariantName[]): ProcessedMedia => {
  const variants = new Map(names.map((name) => [name, aFile()]));
  const [main = aFile()] = variants.values();
  return {
    width: 96,
    height: 96,
    durationMs: null,
    thumbhash: '',
    main,
    variants,
    async [Symbol.asyncDispose]() {},
  };
};

const unused = () => Promise.reject(new Error('these facts process no videos'));
const processor: MediaProcessor = {
  isFull: () => false,
  inspect: async () => ({ kind: 'image', width: 96, height: 96, frames: 1, durationMs: null }),
  processImage: async () => tinyFiles(['small', 'large', 'square96', 'square400']),
  cropSquares: async () => tinyFiles(['square96', 'square400']),
  makePoster: unused,
  processVideo: unused,
};

const depsOf = (world: World): Deps => ({
  ...world.engine,
  clock: world.clock,
  ids: { next: () => world.id() },
  passwords: { hash: unused, verify: unused },
  settings: defaultSettings,
  mediaProcessor: processor,
  mediaUrl: mediaUrlFrom('http://127.0.0.1'),
  timelineRebuilds: createTimelineRebuilds(),
});

/** A port that lets something else happen before or after one call of a method, and then behaves normally. */
function meanwhile<P extends object, M extends keyof P>(
  port: P,
  method: M,
  when: 'before' | 'after',
  act: () => Promise<unknown>,
): P {
  let waiting = true;
  return new Proxy(port, {
    get(target, name) {
      const value = Reflect.get(target, name) as unknown;
      if (typeof value !== 'function') return value;
      return async (...args: unknown[]) => {
        const now = name === method && waiting;
        if (now) waiting = false;
        if (now && when === 'before') await act();
        const result: unknown = await value.apply(target, args);
        if (now && when === 'after') await act();
        return result;
      };
    },
  });
}

const upload = (world: World, deps: Deps, ownerId: string, mediaId = world.id()) =>
  uploadMedia(deps, {
    mediaId,
    ownerId,
    file: { path: '/nowhere', bytes: png.length, open: aFile().open },
    altText: '',
    focus: { x: 0, y: 0 },
  });

async function expectObjects(world: World, snapshots: readonly (MediaSnapshot | null)[]): Promise<void> {
  for (const snapshot of snapshots) {
    for (const { key } of [...(snapshot?.variants ?? []), ...(snapshot?.main ? [snapshot.main] : [])])
      expect([key, await world.engine.blobs.stat(key)]).toEqual([key, expect.anything()]);
  }
}

/** Purges removed media like the workers. */
async function purgeAll(deps: Deps, mediaIds: readonly string[]): Promise<void> {
  for (const mediaId of mediaIds) await cleanUp(deps, { type: 'mediaChanged', mediaId });
  await purgeMedia(deps, mediaIds);
}

const accountUpdated = (deps: Deps, accountId: string) =>
  cleanUp(deps, { type: 'accountUpdated', accountId });

const postCreated = (deps: Deps, postId: string, authorId: string) =>
  cleanUp(deps, { type: 'postCreated', postId, authorId });

/** Use cases that are interrupted at the worst time, or never continue. */
export const interruptions: Suite = ({ fact }) => {
  fact(
    'an avatar that is removed before the event of its change is handled goes with that event',
    async (world) => {
      const deps = depsOf(world);
      const accountId = await newAccount(world);
      const { mediaId } = await upload(world, deps, accountId);
      await updateMe(deps, accountId, { avatarMediaId: mediaId });
      await updateMe(deps, accountId, { avatarMediaId: null });
      for (let event = 0; event < 2; event++) await accountUpdated(deps, accountId);
      expect((await deps.media.findMany([mediaId])).size).toBe(0);
    },
  );

  fact('changing a replaced avatar never brings it back', async (world) => {
    const deps = depsOf(world);
    const accountId = await newAccount(world);
    const [first, second] = [await upload(world, deps, accountId), await upload(world, deps, accountId)];
    await updateMe(deps, accountId, { avatarMediaId: first.mediaId });
    await accountUpdated(deps, accountId);
    const replace = async () => {
      await updateMe(deps, accountId, { avatarMediaId: second.mediaId });
      await accountUpdated(deps, accountId);
      await purgeAll(deps, [first.mediaId]);
    };
    await deps.media.update(first.mediaId, { altText: 'Another' });
    // The snapshot of the first one is being written when the second one replaces it.
    const media = meanwhile(deps.media, 'findMany', 'after', replace);
    await syncTarget({ ...deps, media }, { kind: 'avatar', accountId });
    await accountUpdated(deps, accountId);
    const { avatar } = await accountOf(world, accountId);
    expect(avatar?.mediaId).toBe(second.mediaId);
    await expectObjects(world, [avatar]);
  });

  fact('a replaced avatar is not set again during its removal', async (world) => {
    const deps = depsOf(world);
    const accountId = await newAccount(world);
    const [first, second] = [await upload(world, deps, accountId), await upload(world, deps, accountId)];
    await updateMe(deps, accountId, { avatarMediaId: first.mediaId });
    await accountUpdated(deps, accountId);
    // The second call is a retry.
    await updateMe(deps, accountId, { avatarMediaId: first.mediaId });
    await accountUpdated(deps, accountId);
    await updateMe(deps, accountId, { avatarMediaId: second.mediaId });
    const back = async () => {
      await expect(updateMe(deps, accountId, { avatarMediaId: first.mediaId })).rejects.toMatchObject({
        code: 'media_not_attachable',
      });
      await accountUpdated(deps, accountId);
    };
    const media = meanwhile(deps.media, 'remove', 'before', back);
    await accountUpdated({ ...deps, media }, accountId);
    await purgeAll(deps, [first.mediaId]);
    const { avatar } = await accountOf(world, accountId);
    expect(avatar?.mediaId).toBe(second.mediaId);
    await expectObjects(world, [avatar]);
  });

  fact(
    'a write of an avatar that comes after its removal is taken back, and the one it replaced stays',
    async (world) => {
      const deps = depsOf(world);
      const accountId = await newAccount(world);
      const [first, second] = [await upload(world, deps, accountId), await upload(world, deps, accountId)];
      // A request that waits between the attachment and its write, for longer than anybody expects.
      const others = async () => {
        await updateMe(deps, accountId, { avatarMediaId: first.mediaId });
        await accountUpdated(deps, accountId);
        await updateMe(deps, accountId, { avatarMediaId: second.mediaId });
        await accountUpdated(deps, accountId);
        await purgeAll(deps, [first.mediaId]);
      };
      const accounts = meanwhile(deps.accounts, 'update', 'before', others);
      await updateMe({ ...deps, accounts }, accountId, { avatarMediaId: first.mediaId });
      await accountUpdated(deps, accountId);
      expect((await accountOf(world, accountId)).avatar).toBe(null);
      expect(await deps.media.findMany([first.mediaId])).toEqual(new Map());
    },
  );

  fact('a post that is inserted after its media expired shows none of them', async (world) => {
    const deps = depsOf(world);
    const authorId = await newAccount(world);
    const { mediaId } = await upload(world, deps, authorId);
    const expire = async () => {
      const expiresAt = world.clock.now();
      await deps.media.remove([mediaId], { at: expiresAt, only: { expiredBefore: expiresAt + 2 * hour } });
      await purgeAll(deps, [mediaId]);
    };
    const write = (postId: string, posts: Deps['posts']) =>
      createPost(
        { ...deps, posts },
        { postId, authorId, text: 'Late', visibility: 'public', mediaIds: [mediaId] },
      );
    const postId = world.id();
    expect((await write(postId, meanwhile(deps.posts, 'insert', 'before', expire))).media).toEqual([]);
    expect((await postOf(world, postId)).media).toEqual([]);
  });

  fact('a retry for a post that was deleted meanwhile keeps nothing for it', async (world) => {
    const deps = depsOf(world);
    const authorId = await newAccount(world);
    const { mediaId } = await upload(world, deps, authorId);
    const postId = await newPost(world, authorId);
    await deps.posts.delete(postId);
    const input = { postId, authorId, text: '', visibility: 'public', mediaIds: [mediaId] } as const;
    await expect(createPost(deps, input)).rejects.toMatchObject({ code: 'post_not_found' });
    expect((await mediaOf(world, mediaId)).expiresAt).not.toBe(null);
  });

  fact('a retry after the process died right after the insert keeps nothing either', async (world) => {
    const deps = depsOf(world);
    const authorId = await newAccount(world);
    const { mediaId } = await upload(world, deps, authorId);
    const snapshot = await snapshotFor(world, mediaId);
    const postId = world.id();
    await deps.media.attach([mediaId], { ownerId: authorId, target: { kind: 'post', postId }, expiresAt: 1 });
    await deps.media.remove([mediaId], { at: 1, only: { expiredBefore: 1 } });
    await purgeAll(deps, [mediaId]);
    await deps.posts.insert({
      postId,
      authorId,
      text: 'Late',
      entities: { mentions: [], hashtags: [], urls: [] },
      visibility: 'public',
      media: [snapshot],
      createdAt: world.clock.now(),
    });
    await postCreated(deps, postId, authorId);
    expect((await postOf(world, postId)).media).toEqual([]);
  });

  fact(
    'a post whose author died before it was kept is brought up to date by its event, and by expiry',
    async (world) => {
      const deps = depsOf(world);
      const authorId = await newAccount(world);
      for (const settle of ['event', 'expiry'] as const) {
        const { mediaId } = await upload(world, deps, authorId);
        const postId = world.id();
        const stale = await snapshotFor(world, mediaId);
        await deps.media.attach([mediaId], {
          ownerId: authorId,
          target: { kind: 'post', postId },
          expiresAt: 1,
        });
        // More often than the number of replaced squares that are kept.
        for (let turn = 1; turn <= 12; turn++)
          await updateMedia(deps, authorId, mediaId, { focus: { x: turn / 100, y: 0 } });
        await deps.posts.insert({
          postId,
          authorId,
          text: '',
          entities: { mentions: [], hashtags: [], urls: [] },
          visibility: 'public',
          media: [stale],
          createdAt: world.clock.now(),
        });
        if (settle === 'event') await postCreated(deps, postId, authorId);
        else await expireMedia(deps);
        const { media } = await postOf(world, postId);
        expect(media).toMatchObject([{ mediaId, focus: { x: 0.12, y: 0 } }]);
        await expectObjects(world, media);
        expect((await mediaOf(world, mediaId)).expiresAt).toBe(null);
      }
    },
  );

  fact('squares that were dropped while they were being stored are not shown', async (world) => {
    const deps = depsOf(world);
    const ownerId = await newAccount(world);
    const { mediaId } = await upload(world, deps, ownerId);
    const others = async () => {
      for (let turn = 1; turn <= 12; turn++)
        await updateMedia(deps, ownerId, mediaId, { focus: { x: turn / 100, y: 0 } });
    };
    const media = meanwhile(deps.media, 'update', 'before', others);
    await updateMedia({ ...deps, media }, ownerId, mediaId, { focus: { x: 1, y: 1 } });
    const record = await mediaOf(world, mediaId);
    expect(record.focus).toEqual({ x: 1, y: 1 });
    await expectObjects(world, [await snapshotFor(world, mediaId)]);
    const listed = new Set(record.keys);
    expect(record.variants.every(({ key }) => listed.has(key))).toBe(true);
  });

  fact('objects stored for a medium that was removed meanwhile are deleted', async (world) => {
    const deps = depsOf(world);
    const ownerId = await newAccount(world);
    const written: string[] = [];
    const recorded = (remove: (mediaId: string) => Promise<unknown>, mediaId: string): Deps['blobs'] => {
      const blobs = meanwhile(deps.blobs, 'put', 'before', () => remove(mediaId));
      return new Proxy(blobs, {
        get(target, name) {
          const value = Reflect.get(target, name) as (...args: unknown[]) => unknown;
          return (...args: unknown[]) => {
            if (name === 'put') written.push(args[0] as string);
            return value.apply(target, args);
          };
        },
      });
    };
    const remove = async (mediaId: string) => {
      await deps.media.remove([mediaId], { at: 1 });
      await purgeMedia(deps, [mediaId]);
    };
    const uploading = world.id();
    const failing = upload(world, { ...deps, blobs: recorded(remove, uploading) }, ownerId, uploading);
    await expect(failing).rejects.toMatchObject({ code: 'unavailable' });
    const { mediaId } = await upload(world, deps, ownerId);
    const cropping = { ...deps, blobs: recorded(remove, mediaId) };
    await expect(updateMedia(cropping, ownerId, mediaId, { focus: { x: 1, y: 1 } })).rejects.toMatchObject({
      code: 'media_not_found',
    });
    expect(written.length).toBe(6);
    for (const key of written) expect(await deps.blobs.stat(key)).toBe(undefined);
  });
};
