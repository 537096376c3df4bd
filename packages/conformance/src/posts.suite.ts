import fc from 'fast-check';
import { expect } from 'vitest';
import { hardTexts } from './hard-texts.ts';
import { aVideoToProcess, newMedia, snapshotFor } from './media-fixtures.ts';
import { expectPagesBefore } from './pages.ts';
import type { Suite } from './suite.ts';
import { accountOf, aPost, atOnce, newAccount, newLike, newPost, people, postOf } from './world.ts';

export const postsSuite: Suite = ({ fact }) => {
  fact('a post is stored unchanged', async (world) => {
    const authorId = await newAccount(world);
    const post = aPost(world, authorId, {
      text: 'Hello #twite, says @cosette https://example.org/ é',
      entities: {
        mentions: [{ handle: 'cosette', start: 19, end: 27 }],
        hashtags: [{ tag: 'twite', start: 6, end: 12 }],
        urls: [{ url: 'https://example.org/', start: 28, end: 48 }],
      },
      visibility: 'followers',
    });
    expect(await world.engine.posts.insert(post)).toBe('inserted');
    const record = await postOf(world, post.postId);
    expect(record).toEqual({ ...post, likeCount: 0, replyCount: 0 });
    expect(Object.isFrozen(record)).toBe(true);
  });

  fact('texts in all scripts are stored unchanged', async (world) => {
    const authorId = await newAccount(world);
    const posts = hardTexts.map((text) =>
      aPost(world, authorId, {
        text,
        entities: { mentions: [], hashtags: [{ tag: text, start: 0, end: 1 }], urls: [] },
      }),
    );
    await Promise.all(posts.map((post) => world.engine.posts.insert(post)));
    const found = await world.engine.posts.findMany(posts.map((post) => post.postId));
    for (const post of posts)
      expect(found.get(post.postId)).toEqual({ ...post, likeCount: 0, replyCount: 0 });
  });

  fact('any text is stored unchanged', async (world) => {
    const authorId = await newAccount(world);
    const text = fc.string({ unit: 'binary', minLength: 1 }).filter((value) => !value.includes('\0'));
    await fc.assert(
      fc.asyncProperty(fc.array(text, { minLength: 1, maxLength: 20 }), async (texts) => {
        const ids = await Promise.all(texts.map((value) => newPost(world, authorId, { text: value })));
        const found = await world.engine.posts.findMany(ids);
        expect(ids.map((id) => found.get(id)?.text)).toEqual(texts);
      }),
      { numRuns: 20 },
    );
  });

  fact('the media of a post keep their order, and are replaced independently', async (world) => {
    const { posts } = world.engine;
    const authorId = await newAccount(world);
    const mediaIds = [
      await newMedia(world, authorId, aVideoToProcess(), { altText: 'Naïve 👍\u2028"' }),
      await newMedia(world, authorId),
    ];
    const media = await Promise.all(mediaIds.toReversed().map((mediaId) => snapshotFor(world, mediaId)));
    const post = aPost(world, authorId, { text: '', media });
    expect(await posts.insert(post)).toBe('inserted');
    const record = await postOf(world, post.postId);
    expect(record).toEqual({ ...post, likeCount: 0, replyCount: 0 });
    expect(Object.isFrozen(record.media) && record.media.every((each) => Object.isFrozen(each))).toBe(true);
    const changed = media.map((each) => ({ ...each, altText: 'Another' }));
    for (let i = 0; i < 2; i++) expect(await posts.setMedia(post.postId, changed)).toBe(true);
    expect(await postOf(world, post.postId)).toEqual({ ...record, media: changed });
    expect(record.media).toEqual(media);
    expect(await posts.insert(post)).toBe('exists');
    expect((await postOf(world, post.postId)).media).toEqual(changed);
    await newLike(world, authorId, 'post', post.postId);
    await world.settled();
    expect(await postOf(world, post.postId)).toMatchObject({ media: changed, likeCount: 1 });
    const [first] = changed;
    if (!first) throw new Error('no media');
    expect(await posts.setMedia(post.postId, [first])).toBe(true);
    expect((await postOf(world, post.postId)).media).toEqual([first]);
    // A dropped one does not come back.
    expect(await posts.setMedia(post.postId, changed)).toBe(false);
    expect((await postOf(world, post.postId)).media).toEqual([first]);
    expect(await posts.setMedia(post.postId, [])).toBe(true);
    expect((await postOf(world, post.postId)).media).toEqual([]);
    await posts.delete(post.postId);
    expect(await posts.setMedia(post.postId, media)).toBe(false);
    expect(await posts.setMedia(world.id(), media)).toBe(false);
    expect((await posts.findMany([post.postId])).size).toBe(0);
  });

  fact('inserting a post again changes nothing', async (world) => {
    const authorId = await newAccount(world);
    const post = aPost(world, authorId);
    await world.engine.posts.insert(post);
    expect(await world.engine.posts.insert(post)).toBe('exists');
    expect(await world.engine.posts.insert({ ...post, text: 'Other', visibility: 'followers' })).toBe(
      'exists',
    );
    await world.settled();
    expect(await postOf(world, post.postId)).toMatchObject(post);
    expect(await accountOf(world, authorId)).toMatchObject({ publicPostCount: 1, followersPostCount: 0 });
  });

  fact('of several concurrent inserts of a post, one is the first', async (world) => {
    const authorId = await newAccount(world);
    const post = aPost(world, authorId);
    const results = await atOnce(20, () => world.engine.posts.insert(post));
    expect(results.filter((result) => result === 'inserted')).toHaveLength(1);
    expect(results.filter((result) => result === 'exists')).toHaveLength(19);
    await world.settled();
    expect((await accountOf(world, authorId)).publicPostCount).toBe(1);
  });

  fact('a deleted post stays deleted when it is inserted again', async (world) => {
    const { posts } = world.engine;
    const authorId = await newAccount(world);
    const post = aPost(world, authorId);
    await posts.insert(post);
    expect(await posts.delete(post.postId)).toBe(true);
    expect(await posts.delete(post.postId)).toBe(false);
    expect(await posts.insert(post)).toBe('exists');
    await world.settled();
    expect((await posts.findMany([post.postId])).size).toBe(0);
    expect(await posts.listByAuthor(authorId, { limit: 10, visibility: 'all' })).toEqual([]);
    expect(await posts.listByAuthors([authorId], { limit: 10 })).toEqual([]);
    expect(await accountOf(world, authorId)).toMatchObject({ publicPostCount: 0, followersPostCount: 0 });
    expect(await posts.delete(world.id())).toBe(false);
  });

  fact('of several concurrent deletions of a post, one is the first', async (world) => {
    const authorId = await newAccount(world);
    const postId = await newPost(world, authorId);
    await newPost(world, authorId);
    const results = await atOnce(20, () => world.engine.posts.delete(postId));
    expect(results.filter(Boolean)).toHaveLength(1);
    await world.settled();
    expect((await accountOf(world, authorId)).publicPostCount).toBe(1);
  });

  fact("an author's posts are counted by visibility, exactly", async (world) => {
    const { alice, bob } = await people(world, 'alice', 'bob');
    const publicIds = await atOnce(12, () => newPost(world, alice));
    const followersIds = await atOnce(7, () => newPost(world, alice, { visibility: 'followers' }));
    await newPost(world, bob);
    await Promise.all(
      [...publicIds.slice(0, 5), ...followersIds.slice(0, 2)].map(
        world.engine.posts.delete.bind(world.engine.posts),
      ),
    );
    await world.settled();
    expect(await accountOf(world, alice)).toMatchObject({ publicPostCount: 7, followersPostCount: 5 });
    expect(await accountOf(world, bob)).toMatchObject({ publicPostCount: 1, followersPostCount: 0 });
  });

  fact('several posts are found at once, without unknown and deleted ones', async (world) => {
    const authorId = await newAccount(world);
    const kept = await newPost(world, authorId);
    const deleted = await newPost(world, authorId);
    await world.engine.posts.delete(deleted);
    const unknown = Array.from({ length: 2_000 }, () => world.id());
    expect([...(await world.engine.posts.findMany([deleted, kept, kept, ...unknown])).keys()]).toEqual([
      kept,
    ]);
    expect((await world.engine.posts.findMany([])).size).toBe(0);
  });

  fact("an author's posts are listed newest first, all or public ones", async (world) => {
    const { alice, bob } = await people(world, 'alice', 'bob');
    const p1 = await newPost(world, alice);
    const f2 = await newPost(world, alice, { visibility: 'followers' });
    await newPost(world, bob);
    const p3 = await newPost(world, alice);
    const list = (visibility: 'public' | 'all') =>
      world.engine.posts.listByAuthor(alice, { limit: 10, visibility });
    expect(await list('all')).toEqual([p3, f2, p1]);
    expect(await list('public')).toEqual([p3, p1]);
    expect(await world.engine.posts.listByAuthor(world.id(), { limit: 10, visibility: 'all' })).toEqual([]);
  });

  fact('a post of another machine, written late, is listed in the order of ids', async (world) => {
    const authorId = await newAccount(world);
    const early = world.id();
    const late = await newPost(world, authorId);
    await newPost(world, authorId, { postId: early });
    expect(await world.engine.posts.listByAuthor(authorId, { limit: 10, visibility: 'all' })).toEqual([
      late,
      early,
    ]);
    expect(await world.engine.posts.listByAuthors([authorId], { limit: 10 })).toEqual([
      { postId: late, authorId },
      { postId: early, authorId },
    ]);
  });

  fact("an author's posts come in pages that stay stable while posts arrive", async (world) => {
    for (const visibility of ['public', 'all'] as const) {
      await expectPagesBefore(async () => {
        const authorId = await newAccount(world);
        return {
          add: () => newPost(world, authorId),
          list: (page) => world.engine.posts.listByAuthor(authorId, { ...page, visibility }),
        };
      });
    }
  });

  fact('the posts of several authors are paged stably while posts arrive', async (world) => {
    await expectPagesBefore(async () => {
      const { a, b, c } = await people(world, 'a', 'b', 'c');
      let next = 0;
      return {
        add: () =>
          newPost(world, next++ % 3 === 0 ? a : b, { visibility: next % 2 === 0 ? 'public' : 'followers' }),
        list: async (page) =>
          (await world.engine.posts.listByAuthors([c, b, a, b], page)).map((ref) => ref.postId),
      };
    });
  });

  fact('the posts of several authors are the newest of all of them', async (world) => {
    const authors = Object.values(await people(world, 'a', 'b', 'c', 'd', 'e'));
    const written: { postId: string; authorId: string }[] = [];
    for (let i = 0; i < 40; i++) {
      const authorId = authors[(i * 7 + (i % 3)) % authors.length] ?? '';
      written.unshift({ postId: await newPost(world, authorId), authorId });
    }
    await fc.assert(
      fc.asyncProperty(
        fc.subarray(authors),
        fc.option(fc.constantFrom(...written.map((ref) => ref.postId)), { nil: undefined }),
        fc.integer({ min: 1, max: 50 }),
        async (authorIds, before, limit) => {
          const expected = written
            .filter(
              (ref) => authorIds.includes(ref.authorId) && (before === undefined || ref.postId < before),
            )
            .slice(0, limit);
          expect(await world.engine.posts.listByAuthors(authorIds, { before, limit })).toEqual(expected);
        },
      ),
      { numRuns: 100 },
    );
  });

  fact(
    'the public posts of all authors are listed newest first, without deleted ones, in pages',
    async (world) => {
      const { posts } = world.engine;
      const { a, b } = await people(world, 'a', 'b');
      const written: { postId: string; authorId: string }[] = [];
      for (let i = 0; i < 12; i++) {
        const authorId = i % 3 === 0 ? a : b;
        const visibility = i % 4 === 1 ? 'followers' : 'public';
        const postId = await newPost(world, authorId, { visibility });
        if (visibility === 'public') written.unshift({ postId, authorId });
      }
      // The posts of other facts are below them.
      expect(await posts.listPublic({ limit: written.length })).toEqual(written);
      for (const [index, { postId }] of written.slice(0, -1).entries()) {
        const after = written.slice(index + 1, index + 4);
        expect(await posts.listPublic({ before: postId, limit: after.length })).toEqual(after);
      }
      const [gone, ...left] = written;
      await posts.delete(gone?.postId ?? '');
      expect(await posts.listPublic({ limit: 2 })).toEqual(left.slice(0, 2));
      const early = world.id();
      const late = await newPost(world, a);
      await newPost(world, b, { postId: early });
      expect((await posts.listPublic({ limit: 2 })).map(({ postId }) => postId)).toEqual([late, early]);
      expect(await posts.listPublic({ limit: 0 })).toEqual([]);
    },
  );

  fact('a viewer who follows 40,000 accounts can read their posts', async (world) => {
    const authorId = await newAccount(world);
    const postId = await newPost(world, authorId);
    const many = Array.from({ length: 40_000 }, () => world.id());
    expect(await world.engine.posts.listByAuthors([...many, authorId], { limit: 5 })).toEqual([
      { postId, authorId },
    ]);
  });
};
