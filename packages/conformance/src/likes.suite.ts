import type { LikeKind } from '@twite/core/likes/like-store';
import { expect } from 'vitest';
import { expectPagesBefore } from './pages.ts';
import type { Suite } from './suite.ts';
import {
  atOnce,
  newAccount,
  newLike,
  newPost,
  newReply,
  people,
  postOf,
  reinstate,
  replyOf,
  suspend,
  untilDone,
  type World,
} from './world.ts';

const kinds: readonly LikeKind[] = ['post', 'reply'];

async function aThread(world: World) {
  const { author, alice, bob } = await people(world, 'author', 'alice', 'bob');
  const postId = await newPost(world, author);
  const replyId = await newReply(world, postId, author);
  return { author, alice, bob, post: postId, reply: replyId };
}

async function likeCount(world: World, kind: LikeKind, subjectId: string): Promise<number> {
  await world.settled();
  return (kind === 'post' ? await postOf(world, subjectId) : await replyOf(world, subjectId)).likeCount;
}

export const likesSuite: Suite = ({ fact }) => {
  for (const kind of kinds) {
    fact(`an account likes a ${kind} once`, async (world) => {
      const { likes } = world.engine;
      const { alice, bob, [kind]: subjectId } = await aThread(world);
      const like = { likeId: world.id(), accountId: alice, kind, subjectId };
      expect(await likes.add(like)).toBe(true);
      expect(await likes.add(like)).toBe(false);
      expect(await likes.add({ ...like, likeId: world.id() })).toBe(false);
      expect(await likeCount(world, kind, subjectId)).toBe(1);
      await newLike(world, bob, kind, subjectId);
      expect(await likeCount(world, kind, subjectId)).toBe(2);
    });

    fact(`a like of a ${kind} can be undone and repeated`, async (world) => {
      const { likes } = world.engine;
      const { alice, bob, [kind]: subjectId } = await aThread(world);
      await newLike(world, alice, kind, subjectId);
      await newLike(world, bob, kind, subjectId);
      expect(await likes.remove(alice, kind, subjectId)).toBe(true);
      expect(await likes.remove(alice, kind, subjectId)).toBe(false);
      expect(await likes.remove(alice, kind, world.id())).toBe(false);
      expect(await likeCount(world, kind, subjectId)).toBe(1);
      await newLike(world, alice, kind, subjectId);
      expect(await likeCount(world, kind, subjectId)).toBe(2);
    });

    fact(`concurrent likes of a ${kind} are counted exactly`, async (world) => {
      const { likes } = world.engine;
      const { alice, bob, author, [kind]: subjectId } = await aThread(world);
      const add = (accountId: string) =>
        atOnce(10, () => likes.add({ likeId: world.id(), accountId, kind, subjectId }));
      const results = await Promise.all([add(alice), add(bob), add(author)]);
      for (const result of results) expect(result.filter(Boolean)).toHaveLength(1);
      expect(await likeCount(world, kind, subjectId)).toBe(3);
      const removed = await atOnce(10, () => likes.remove(bob, kind, subjectId));
      expect(removed.filter(Boolean)).toHaveLength(1);
      expect(await likeCount(world, kind, subjectId)).toBe(2);
    });

    fact(`a deleted ${kind} cannot be liked`, async (world) => {
      const { likes, posts, replies } = world.engine;
      const { alice, [kind]: subjectId } = await aThread(world);
      expect(kind === 'post' ? await posts.delete(subjectId) : await replies.delete(subjectId)).toBe(true);
      for (const gone of [subjectId, world.id()]) {
        expect(await likes.add({ likeId: world.id(), accountId: alice, kind, subjectId: gone })).toBe(false);
        expect((await likes.likedAmong(alice, kind, [gone])).size).toBe(0);
      }
    });

    fact(`the likes of a deleted ${kind} are erased in steps`, async (world) => {
      const { likes, posts, replies } = world.engine;
      const { alice, bob, author, post, reply, [kind]: subjectId } = await aThread(world);
      const extra = await people(world, 'c', 'd');
      const other = kind === 'post' ? reply : post;
      const otherKind = kind === 'post' ? 'reply' : 'post';
      for (const accountId of [alice, bob, author, extra.c, extra.d])
        await newLike(world, accountId, kind, subjectId);
      await newLike(world, alice, otherKind, other);
      // An engine may itself erase what it has not processed yet.
      await world.settled();
      if (kind === 'post') {
        await posts.delete(subjectId);
        expect(await untilDone((limit) => likes.purgeBySubject(kind, subjectId, limit), 2)).toEqual([
          2, 2, 1,
        ]);
        expect(await likes.listPostsByAccount(alice, { limit: 10 })).toEqual([]);
      } else {
        // The likes of a reply are erased with it: steps may find nothing left.
        await replies.delete(subjectId);
        await untilDone((limit) => likes.purgeBySubject(kind, subjectId, limit), 2);
      }
      expect(await likes.purgeBySubject(kind, subjectId, 10)).toBe(0);
      expect((await likes.likedAmong(alice, kind, [subjectId])).size).toBe(0);
      expect(await likeCount(world, otherKind, other)).toBe(1);
      expect((await likes.likedAmong(alice, otherKind, [other])).size).toBe(1);
    });
  }

  fact('the likes of an account are listed across posts and replies, newest like first', async (world) => {
    const { alice, bob, author, post } = await aThread(world);
    await newLike(world, bob, 'post', post);
    let added = 0;
    await expectPagesBefore(async () => {
      const liker = await newAccount(world);
      return {
        add: async () => {
          const kind = kinds[added++ % 2] as LikeKind;
          const subjectId =
            kind === 'post' ? await newPost(world, author) : await newReply(world, post, author);
          const likeId = world.id();
          expect(await world.engine.likes.add({ likeId, accountId: liker, kind, subjectId })).toBe(true);
          return likeId;
        },
        list: async (page) =>
          (await world.engine.likes.listByAccount(liker, page)).map(({ likeId }) => likeId),
      };
    });
    const likeId = world.id();
    const like = {
      likeId,
      accountId: alice,
      kind: 'reply',
      subjectId: await newReply(world, post, author),
    } as const;
    await world.engine.likes.add(like);
    expect(await world.engine.likes.listByAccount(alice, { limit: 10 })).toEqual([like]);
  });

  fact('likes of a post and of a reply with the same id are independent', async (world) => {
    const { likes } = world.engine;
    const { author, alice, post } = await aThread(world);
    await newReply(world, post, author, { replyId: post });
    await newLike(world, alice, 'post', post);
    expect((await likes.likedAmong(alice, 'reply', [post])).size).toBe(0);
    expect(await likeCount(world, 'reply', post)).toBe(0);
    await newLike(world, alice, 'reply', post);
    expect(await likes.listByPost(post, { limit: 10 })).toHaveLength(1);
    expect(await likes.listPostsByAccount(alice, { limit: 10 })).toHaveLength(1);
    expect(await likes.remove(alice, 'post', post)).toBe(true);
    expect((await likes.likedAmong(alice, 'reply', [post])).size).toBe(1);
    expect(await likeCount(world, 'reply', post)).toBe(1);
    expect(await likeCount(world, 'post', post)).toBe(0);
  });

  fact("one's own marks are found among many subjects", async (world) => {
    const { likes } = world.engine;
    const { author, alice, bob, post } = await aThread(world);
    const other = await newPost(world, author);
    await newLike(world, alice, 'post', post);
    await newLike(world, bob, 'post', other);
    const unknown = Array.from({ length: 2_000 }, () => world.id());
    expect([...(await likes.likedAmong(alice, 'post', [other, post, post, ...unknown]))]).toEqual([post]);
    expect((await likes.likedAmong(alice, 'post', [])).size).toBe(0);
  });

  fact('the likes of a post are listed newest first', async (world) => {
    const { likes } = world.engine;
    const { alice, bob, post, reply } = await aThread(world);
    const one = { likeId: world.id(), accountId: alice, kind: 'post' as const, subjectId: post };
    const two = { likeId: world.id(), accountId: bob, kind: 'post' as const, subjectId: post };
    await likes.add(two);
    await likes.add(one);
    await newLike(world, alice, 'reply', reply);
    expect(await likes.listByPost(post, { limit: 10 })).toEqual([two, one]);
    expect(await likes.listPostsByAccount(alice, { limit: 10 })).toEqual([one]);
    expect(await likes.listByPost(world.id(), { limit: 10 })).toEqual([]);
  });

  fact('the likes of a post are paged stably while likes arrive', async (world) => {
    await expectPagesBefore(async () => {
      const { post } = await aThread(world);
      return {
        async add() {
          const { fan } = await people(world, 'fan');
          return newLike(world, fan, 'post', post);
        },
        list: async (page) => (await world.engine.likes.listByPost(post, page)).map((like) => like.likeId),
      };
    });
  });

  fact('the likes of an account are paged stably while likes arrive', async (world) => {
    await expectPagesBefore(async () => {
      const { author, alice } = await aThread(world);
      return {
        add: async () => newLike(world, alice, 'post', await newPost(world, author)),
        list: async (page) =>
          (await world.engine.likes.listPostsByAccount(alice, page)).map((like) => like.likeId),
      };
    });
  });

  fact('likes of a suspended account are counted again once it is reinstated', async (world) => {
    const { likes } = world.engine;
    const { author, alice, bob, post, reply } = await aThread(world);
    const second = await newPost(world, author);
    await newLike(world, alice, 'post', post);
    for (const id of [post, second]) await newLike(world, bob, 'post', id);
    await newLike(world, bob, 'reply', reply);
    const counts = async () => [
      await likeCount(world, 'post', post),
      await likeCount(world, 'post', second),
      await likeCount(world, 'reply', reply),
    ];
    const likers = async () => (await likes.listByPost(post, { limit: 10 })).map((like) => like.accountId);
    expect(await counts()).toEqual([2, 1, 1]);
    for (let round = 0; round < 2; round++) {
      await suspend(world, bob);
      expect(await untilDone((limit) => likes.settleAccount(bob, false, limit), 2)).toEqual([2, 1]);
      expect(await likes.settleAccount(bob, false, 2)).toBe(0);
      expect(await counts()).toEqual([1, 0, 0]);
      expect(await likers()).toEqual([alice]);
      expect(await likes.listPostsByAccount(bob, { limit: 10 })).toHaveLength(2);
      expect((await likes.likedAmong(bob, 'post', [post, second])).size).toBe(2);

      await reinstate(world, bob);
      expect(await untilDone((limit) => likes.settleAccount(bob, true, limit), 2)).toEqual([2, 1]);
      expect(await likes.settleAccount(bob, true, 2)).toBe(0);
      expect(await counts()).toEqual([2, 1, 1]);
      expect(await likers()).toEqual([bob, alice]);
    }
  });

  fact('undoing a like that is not counted does not decrement the count', async (world) => {
    const { likes } = world.engine;
    const { alice, bob, post, reply } = await aThread(world);
    for (const accountId of [alice, bob]) await newLike(world, accountId, 'post', post);
    await newLike(world, bob, 'reply', reply);
    await suspend(world, bob);
    await untilDone((limit) => likes.settleAccount(bob, false, limit), 10);
    expect(await likes.remove(bob, 'post', post)).toBe(true);
    expect(await likeCount(world, 'post', post)).toBe(1);
    expect(await untilDone((limit) => likes.purgeByAccount(bob, limit), 10)).toEqual([1]);
    expect(await likeCount(world, 'reply', reply)).toBe(0);
  });

  fact('a like that slips in after a suspension is not counted once settled', async (world) => {
    const { alice, bob, post } = await aThread(world);
    await newLike(world, alice, 'post', post);
    await suspend(world, bob);
    await world.engine.likes.add({ likeId: world.id(), accountId: bob, kind: 'post', subjectId: post });
    await untilDone((limit) => world.engine.likes.settleAccount(bob, false, limit), 10);
    expect(await likeCount(world, 'post', post)).toBe(1);
  });

  fact('the likes of an account are erased in steps', async (world) => {
    const { likes } = world.engine;
    const { author, alice, bob, post, reply } = await aThread(world);
    for (const accountId of [alice, bob]) {
      await newLike(world, accountId, 'post', post);
      await newLike(world, accountId, 'reply', reply);
    }
    await newLike(world, bob, 'post', await newPost(world, author));
    expect(await untilDone((limit) => likes.purgeByAccount(bob, limit), 2)).toEqual([2, 1]);
    expect(await likes.purgeByAccount(bob, 2)).toBe(0);
    expect(await likeCount(world, 'post', post)).toBe(1);
    expect(await likeCount(world, 'reply', reply)).toBe(1);
    expect(await likes.listPostsByAccount(bob, { limit: 10 })).toEqual([]);
    expect(await likes.listPostsByAccount(alice, { limit: 10 })).toHaveLength(1);
  });
};
