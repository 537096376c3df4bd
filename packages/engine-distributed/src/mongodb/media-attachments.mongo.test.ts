import type { MediaTarget } from '@twite/core/media/media-record';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MongoMediaCatalogue } from './media-catalogue.ts';
import { hooked } from './testing/hooked.ts';
import { ids } from './testing/insert.ts';
import { mongoUrl, openTestMongo, type TestMongo } from './testing/open-mongo.ts';

describe.runIf(mongoUrl)('attaching media on MongoDB (TWITE_TEST_MONGODB_URL)', () => {
  let mongo: TestMongo;
  beforeEach(async () => {
    mongo = await openTestMongo();
  });
  afterEach(() => mongo[Symbol.asyncDispose]());

  const ownerId = ids.next();
  const aPost = (): MediaTarget => ({ kind: 'post', postId: ids.next() });

  async function upload(): Promise<string> {
    const mediaId = ids.next();
    const catalogue = new MongoMediaCatalogue(mongo.context);
    const common = { storedBytes: 1, createdAt: 1, expiresAt: 100, keys: [] };
    await catalogue.reserve({
      mediaId,
      ownerId,
      kind: 'image',
      altText: '',
      focus: { x: 0, y: 0 },
      ...common,
    });
    await catalogue.publish(mediaId, {
      state: 'ready',
      main: null,
      width: 1,
      height: 1,
      durationMs: null,
      thumbhash: null,
      variants: [],
      sourceKey: null,
      storedBytes: 1,
    });
    return mediaId;
  }

  it('does not undo what a retry has taken over', async () => {
    const catalogue = new MongoMediaCatalogue(mongo.context);
    const mediaIds = [await upload(), await upload()];
    const [first = '', second = ''] = mediaIds;
    const [target, other] = [aPost(), aPost()];
    const attachment = { ownerId, target, expiresAt: 50 };
    const { collections } = mongo.context;
    // Another post has the second medium when the slow attempt reaches it, and has lost it again before that attempt
    // gives up.
    const taking = hooked(collections.media, 'updateOne', () =>
      catalogue.attach([second], { ownerId, target: other, expiresAt: 50 }),
    );
    const media = hooked(taking, 'updateMany', async () => {
      await collections.media.updateOne({ _id: second }, { $unset: { targetId: '', targetPostId: '' } });
      expect(await catalogue.attach(mediaIds, attachment)).toEqual([]);
    });
    const slow = new MongoMediaCatalogue({ ...mongo.context, collections: { ...collections, media } });
    await slow.attach(mediaIds, attachment);
    const found = await catalogue.findMany(mediaIds);
    expect([first, second].map((mediaId) => found.get(mediaId)?.target)).toEqual([target, target]);
  });
});
