import { expect } from 'vitest';
import { hardTexts } from './hard-texts.ts';
import { newMedia, snapshotFor } from './media-fixtures.ts';
import { expectPagesAfter, expectPagesBefore } from './pages.ts';
import type { Suite } from './suite.ts';
import {
  aReply,
  atOnce,
  newAccount,
  newLike,
  newPost,
  newReply,
  people,
  postOf,
  reinstate,
  replyOf,
  sum,
  suspend,
  untilDone,
  type World,
} from './world.ts';

async function aThread(world: World) {
  const { author, alice, bob } = await people(world, 'author', 'alice', 'bob');
  return { author, alice, bob, postId: await newPost(world, author) };
}

async function replyCount(world: World, postId: string): Promise<number> {
  await world.settled();
  return (await postOf(world, postId)).replyCount;
}

const listed = (world: World, postId: string) => world.engine.replies.listByPost(postId, { limit: 100 });

export const repliesSuite: Suite = ({ fact }) => {
  fact('a reply is stored unchanged', async (world) => {
    const { alice, bob, postId } = await aThread(world);
    const parentReplyId = await newReply(world, postId, alice);
    const reply = aReply(world, postId, bob, {
      parentReplyId,
      text: 'Hi @alice #yes',
      entities: {
        mentions: [{ handle: 'alice', start: 3, end: 9 }],
        hashtags: [{ tag: 'yes', start: 10, end: 14 }],
        urls: [],
      },
    });
    expect(await world.engine.replies.insert(reply)).toBe('inserted');
    const record = await replyOf(world, reply.replyId);
    expect(record).toEqual({ ...reply, likeCount: 0 });
    expect(Object.isFrozen(record)).toBe(true);
    expect((await replyOf(world, parentReplyId)).parentReplyId).toBeNull();
  });

  fact('texts in all scripts are stored unchanged', async (world) => {
    const { alice, postId } = await aThread(world);
    const replies = hardTexts.map((text) => aReply(world, postId, alice, { text }));
    await Promise.all(replies.map((reply) => world.engine.replies.insert(reply)));
    const found = await world.engine.replies.findMany(replies.map((reply) => reply.replyId));
    for (const reply of replies) expect(found.get(reply.replyId)).toEqual({ ...reply, likeCount: 0 });
  });

  fact('the media of a reply keep their order, and are replaced independently', async (world) => {
    const { replies } = world.engine;
    const { alice, postId } = await aThread(world);
    const mediaIds = [await newMedia(world, alice), await newMedia(world, alice)];
    const media = await Promise.all(mediaIds.toReversed().map((mediaId) => snapshotFor(world, mediaId)));
    const reply = aReply(world, postId, alice, { text: '', media });
    expect(await replies.insert(reply)).toBe('inserted');
    const record = await replyOf(world, reply.replyId);
    expect(record).toEqual({ ...reply, likeCount: 0 });
    expect(Object.isFrozen(record.media) && record.media.every((each) => Object.isFrozen(each))).toBe(true);
    const changed = media.map((each) => ({ ...each, altText: 'Another' }));
    for (let i = 0; i < 2; i++) expect(await replies.setMedia(reply.replyId, changed)).toBe(true);
    expect(await replyOf(world, reply.replyId)).toEqual({ ...record, media: changed });
    const [first] = changed;
    if (!first) throw new Error('no media');
    expect(await replies.setMedia(reply.replyId, [first])).toBe(true);
    expect((await replyOf(world, reply.replyId)).media).toEqual([first]);
    // A dropped one does not come back.
    expect(await replies.setMedia(reply.replyId, changed)).toBe(false);
    expect((await replyOf(world, reply.replyId)).media).toEqual([first]);
    expect(await replies.setMedia(reply.replyId, [])).toBe(true);
    expect((await replyOf(world, reply.replyId)).media).toEqual([]);
    await replies.delete(reply.replyId);
    expect(await replies.setMedia(reply.replyId, media)).toBe(false);
    expect(await replies.setMedia(world.id(), media)).toBe(false);
    expect((await replies.findMany([reply.replyId])).size).toBe(0);
  });

  fact('inserting a reply again changes nothing, even after its deletion', async (world) => {
    const { replies } = world.engine;
    const { alice, postId } = await aThread(world);
    const reply = aReply(world, postId, alice);
    const results = await atOnce(20, () => replies.insert(reply));
    expect(results.filter((result) => result === 'inserted')).toHaveLength(1);
    expect(await replies.insert({ ...reply, text: 'Other' })).toBe('exists');
    expect(await replyOf(world, reply.replyId)).toMatchObject(reply);
    expect(await replyCount(world, postId)).toBe(1);
    expect(await replies.delete(reply.replyId)).toBe(true);
    expect(await replies.insert(reply)).toBe('exists');
    expect((await replies.findMany([reply.replyId])).size).toBe(0);
    expect(await replyCount(world, postId)).toBe(0);
  });

  fact('a deleted reply is gone, and no longer counted', async (world) => {
    const { replies } = world.engine;
    const { alice, bob, postId } = await aThread(world);
    const gone = await newReply(world, postId, alice);
    const kept = await newReply(world, postId, bob);
    const results = await atOnce(20, () => replies.delete(gone));
    expect(results.filter(Boolean)).toHaveLength(1);
    expect(await replies.delete(world.id())).toBe(false);
    expect(await replyCount(world, postId)).toBe(1);
    expect(await listed(world, postId)).toEqual([kept]);
    expect(await replies.listByAuthor(alice, { limit: 10 })).toEqual([]);
    expect([...(await replies.findMany([gone, kept])).keys()]).toEqual([kept]);
    expect((await replies.findMany([])).size).toBe(0);
  });

  fact('the likes of a deleted reply are deleted with it', async (world) => {
    const { replies, likes } = world.engine;
    const { alice, bob, postId } = await aThread(world);
    const replyId = await newReply(world, postId, alice);
    await newLike(world, bob, 'reply', replyId);
    await replies.delete(replyId);
    await world.settled();
    expect((await likes.likedAmong(bob, 'reply', [replyId])).size).toBe(0);
    expect(await likes.remove(bob, 'reply', replyId)).toBe(false);
    expect(await likes.purgeByAccount(bob, 10)).toBe(0);
  });

  fact('replies are counted exactly with concurrent writes and deletions', async (world) => {
    const { alice, bob, author, postId } = await aThread(world);
    const other = await newPost(world, author);
    const ids = await atOnce(20, (i) => newReply(world, postId, i % 2 === 0 ? alice : bob));
    await newReply(world, other, alice);
    await Promise.all(ids.slice(0, 8).map((id) => world.engine.replies.delete(id)));
    expect(await replyCount(world, postId)).toBe(12);
    expect(await replyCount(world, other)).toBe(1);
  });

  fact(
    'the replies of a post come oldest first, in pages that stay stable while replies arrive',
    async (world) => {
      await expectPagesAfter(async () => {
        const { alice, bob, postId } = await aThread(world);
        let next = 0;
        return {
          add: () => newReply(world, postId, next++ % 2 === 0 ? alice : bob),
          list: (page) => world.engine.replies.listByPost(postId, page),
        };
      });
    },
  );

  fact(
    'the replies of an author come newest first, in pages that stay stable while replies arrive',
    async (world) => {
      await expectPagesBefore(async () => {
        const { alice, author, postId } = await aThread(world);
        const other = await newPost(world, author);
        let next = 0;
        return {
          add: () => newReply(world, next++ % 2 === 0 ? postId : other, alice),
          list: (page) => world.engine.replies.listByAuthor(alice, page),
        };
      });
    },
  );

  fact(
    'replies of a suspended author are neither counted nor listed, until they are reinstated',
    async (world) => {
      const { replies } = world.engine;
      const { alice, bob, postId } = await aThread(world);
      const byAlice = await newReply(world, postId, alice);
      const byBob: string[] = [];
      for (let i = 0; i < 5; i++) byBob.push(await newReply(world, postId, bob));
      // An engine may itself settle what it has not processed yet.
      await world.settled();
      for (let round = 0; round < 2; round++) {
        await suspend(world, bob);
        expect(await untilDone((limit) => replies.settleAuthor(bob, false, limit), 2)).toEqual([2, 2, 1]);
        expect(await replies.settleAuthor(bob, false, 2)).toBe(0);
        expect(await replyCount(world, postId)).toBe(1);
        expect(await listed(world, postId)).toEqual([byAlice]);
        expect(await replies.listByAuthor(bob, { limit: 10 })).toEqual(byBob.toReversed());
        expect((await replies.findMany(byBob)).size).toBe(5);

        await reinstate(world, bob);
        expect(await untilDone((limit) => replies.settleAuthor(bob, true, limit), 2)).toEqual([2, 2, 1]);
        expect(await replies.settleAuthor(bob, true, 2)).toBe(0);
        expect(await replyCount(world, postId)).toBe(6);
        expect(await listed(world, postId)).toEqual([byAlice, ...byBob]);
      }
    },
  );

  fact('deleting a reply that is not counted does not decrement the count', async (world) => {
    const { replies } = world.engine;
    const { alice, bob, postId } = await aThread(world);
    await newReply(world, postId, alice);
    const gone = await newReply(world, postId, bob);
    await newReply(world, postId, bob);
    await suspend(world, bob);
    await untilDone((limit) => replies.settleAuthor(bob, false, limit), 10);
    expect(await replies.delete(gone)).toBe(true);
    expect(await replyCount(world, postId)).toBe(1);
    await reinstate(world, bob);
    expect(sum(await untilDone((limit) => replies.settleAuthor(bob, true, limit), 10))).toBe(1);
    expect(await replyCount(world, postId)).toBe(2);
  });

  fact('a reply that slips in after a suspension is not counted once settled', async (world) => {
    const { alice, bob, postId } = await aThread(world);
    await newReply(world, postId, alice);
    await suspend(world, bob);
    await newReply(world, postId, bob);
    await untilDone((limit) => world.engine.replies.settleAuthor(bob, false, limit), 10);
    expect(await replyCount(world, postId)).toBe(1);
  });

  fact('the replies of a deleted post are erased in steps', async (world) => {
    const { replies, posts } = world.engine;
    const { alice, bob, author, postId } = await aThread(world);
    const other = await newPost(world, author);
    const kept = await newReply(world, other, alice);
    const ids = await atOnce(5, (i) => newReply(world, postId, i < 3 ? alice : bob));
    await suspend(world, bob);
    await untilDone((limit) => replies.settleAuthor(bob, false, limit), 10);
    await posts.delete(postId);
    expect(await untilDone((limit) => replies.purgeByPost(postId, limit), 2)).toEqual([2, 2, 1]);
    expect((await replies.findMany(ids)).size).toBe(0);
    expect(await listed(world, postId)).toEqual([]);
    expect(await replies.listByAuthor(alice, { limit: 10 })).toEqual([kept]);
    expect(await replyCount(world, other)).toBe(1);
    expect(await replies.purgeByPost(world.id(), 10)).toBe(0);
  });

  fact('an author without replies has nothing to settle', async (world) => {
    const accountId = await newAccount(world);
    expect(await world.engine.replies.settleAuthor(accountId, false, 10)).toBe(0);
    expect(await world.engine.replies.settleAuthor(accountId, true, 10)).toBe(0);
  });
};
