import { newMediaKey } from '@twite/core/media/media-keys';
import type { MediaSnapshot, MediaTarget } from '@twite/core/media/media-record';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { MongoAccountStore } from './account-store.ts';
import { MongoMediaCatalogue } from './media-catalogue.ts';
import type { MongoContext } from './mongo-context.ts';
import { MongoPostStore } from './post-store.ts';
import { hooked } from './testing/hooked.ts';
import { ids, insertAccount, insertPost } from './testing/insert.ts';
import { mongoUrl, openTestMongo, type TestMongo } from './testing/open-mongo.ts';

const later = 9_000_000_000_000;

describe.runIf(mongoUrl)('media in MongoDB (TWITE_TEST_MONGODB_URL)', () => {
  let mongo: TestMongo;
  let media: MongoMediaCatalogue;
  let ownerId: string;
  beforeAll(async () => {
    mongo = await openTestMongo();
    media = new MongoMediaCatalogue(mongo.context);
  });
  afterAll(() => mongo[Symbol.asyncDispose]());
  beforeEach(() => {
    ownerId = ids.next();
  });

  const withMedia = (collection: MongoContext['collections']['media']): MongoMediaCatalogue =>
    new MongoMediaCatalogue({
      ...mongo.context,
      collections: { ...mongo.context.collections, media: collection },
    });

  async function newMedium(): Promise<string> {
    const mediaId = ids.next();
    const key = newMediaKey('image/webp');
    await media.reserve({
      mediaId,
      ownerId,
      kind: 'image',
      altText: '$altText is what they wrote',
      focus: { x: 0, y: 0 },
      keys: [key],
      storedBytes: 10,
      createdAt: 1,
      expiresAt: later - 1,
    });
    await media.publish(mediaId, {
      state: 'ready',
      main: null,
      width: 1,
      height: 1,
      durationMs: null,
      thumbhash: '$x',
      variants: [],
      sourceKey: null,
      storedBytes: 10,
    });
    return mediaId;
  }

  const toNewPost = (): MediaTarget => ({ kind: 'post', postId: ids.next() });
  const targetsOf = async (mediaIds: readonly string[]) => {
    const found = await media.findMany(mediaIds);
    return mediaIds.map((mediaId) => found.get(mediaId)?.target ?? null);
  };

  it('are attached to one of two concurrent posts, which gets all of its media', async () => {
    for (let round = 0; round < 20; round++) {
      const [a, b, c] = [await newMedium(), await newMedium(), await newMedium()];
      const wanted = [
        { mediaIds: [b, a], target: toNewPost() },
        { mediaIds: [b, c], target: toNewPost() },
        { mediaIds: [c, a, b], target: toNewPost() },
      ];
      const refusals = await Promise.all(
        wanted.map(({ mediaIds, target }) => media.attach(mediaIds, { ownerId, target, expiresAt: later })),
      );
      const winners = wanted.filter((_, i) => refusals[i]?.length === 0);
      expect(winners).toHaveLength(1);
      const [{ mediaIds, target } = { mediaIds: [], target: toNewPost() }] = winners;
      expect(await targetsOf(mediaIds)).toEqual(mediaIds.map(() => target));
      const others = [a, b, c].filter((mediaId) => !mediaIds.includes(mediaId));
      expect(await targetsOf(others)).toEqual(others.map(() => null));
    }
  });

  it('are restored if another one was taken meanwhile', async () => {
    const [a, b] = [await newMedium(), await newMedium()];
    const [target, other] = [toNewPost(), toNewPost()];
    let writes = 0;
    const collection = mongo.context.collections.media;
    // Between its first and its second medium.
    const meeting = new Proxy(collection, {
      get(real, name) {
        if (name === 'updateOne' && ++writes === 2) {
          return hooked(collection, 'updateOne', () =>
            media.attach([b], { ownerId, target: other, expiresAt: later }),
          ).updateOne;
        }
        const value: unknown = Reflect.get(real, name, real);
        return typeof value === 'function' ? value.bind(real) : value;
      },
    });
    const before = (await media.findMany([a])).get(a);
    expect(await withMedia(meeting).attach([a, b], { ownerId, target, expiresAt: later })).toEqual([b]);
    expect((await media.findMany([a])).get(a)).toEqual(before);
    expect(await targetsOf([a, b])).toEqual([null, other]);
    const stored = await collection.findOne({ _id: a });
    for (const field of ['attachId', 'unattachedExpiresAt', 'targetId', 'targetPostId']) {
      expect(stored).not.toHaveProperty(field);
    }
  });

  it('that a crash left partially attached expire, and are then removed or kept', async () => {
    const [a, b] = [await newMedium(), await newMedium()];
    const target = toNewPost();
    // Attaches only the first of two, like a process that dies in between.
    await media.attach([a], { ownerId, target, expiresAt: 50 });
    expect((await media.listDue(60, 10)).map(({ mediaId }) => mediaId)).toEqual([a]);
    // The retry of the same request.
    expect(await media.attach([a, b], { ownerId, target, expiresAt: 70 })).toEqual([]);
    await media.keep([a, b], target);
    expect((await media.listDue(later, 10)).map(({ mediaId }) => mediaId)).not.toContain(a);
    expect(await media.remove([a], { at: 80, only: { expiredBefore: later } })).toBe(0);
  });

  it('store user input unchanged, including dollar signs', async () => {
    const mediaId = await newMedium();
    await media.update(mediaId, { altText: '$rev', focus: { x: 1, y: -0.5 } });
    expect((await media.findMany([mediaId])).get(mediaId)).toMatchObject({
      altText: '$rev',
      focus: { x: 1, y: -0.5 },
      thumbhash: '$x',
      rev: 3,
    });
    expect(await mongo.context.collections.media.findOne({ _id: mediaId })).toMatchObject({
      change: 'mediaChanged 3',
    });
  });

  const aSnapshot = (altText: string) => ({ mediaId: ids.next(), altText }) as MediaSnapshot;

  it('of a post are invalidated by the sweep if the changing process dies first', async () => {
    const { invalidations, context, counts } = mongo;
    const postId = await insertPost(context, await insertAccount(context));
    const old = aSnapshot('old');
    await context.collections.posts.updateOne({ _id: postId }, { $set: { media: [old] } });
    const dying = new MongoPostStore({
      ...context,
      invalidate: () => Promise.reject(new Error('it died here')),
    });
    await counts.sweepDirty();
    invalidations.length = 0;
    await expect(dying.setMedia(postId, [{ ...old, altText: 'new' }])).rejects.toThrow('it died here');
    expect(invalidations).toEqual([]);
    expect(await counts.sweepDirty()).toBe(1);
    expect(invalidations).toEqual([['posts', postId]]);
    expect(await counts.sweepDirty()).toBe(0);
    const post = (await new MongoPostStore(context).findMany([postId])).get(postId);
    expect(post).toMatchObject({ media: [{ altText: 'new' }], likeCount: 0 });
  });

  it('are absent in documents of releases before media', async () => {
    const { context } = mongo;
    const accountId = await insertAccount(context);
    const postId = await insertPost(context, accountId);
    await context.collections.posts.updateOne({ _id: postId }, { $unset: { media: '' } });
    await context.collections.accounts.updateOne({ _id: accountId }, { $unset: { avatar: '', banner: '' } });
    expect((await new MongoPostStore(context).findMany([postId])).get(postId)?.media).toEqual([]);
    expect((await new MongoAccountStore(context).findMany([accountId])).get(accountId)).toMatchObject({
      avatar: null,
      banner: null,
    });
  });
});
