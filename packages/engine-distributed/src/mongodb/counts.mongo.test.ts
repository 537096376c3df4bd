import type { Invalidation } from '@twite/core/caching/invalidation';
import { MongoServerError } from 'mongodb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MongoAccountStore } from './account-store.ts';
import { createCounts } from './counts.ts';
import type { Collections } from './databases.ts';
import { MongoFollowGraph } from './follow-graph.ts';
import { MongoLikeStore } from './like-store.ts';
import type { MongoContext } from './mongo-context.ts';
import { MongoPostStore } from './post-store.ts';
import { repairCounts } from './repair-counts.ts';
import { MongoReplyStore } from './reply-store.ts';
import { hooked } from './testing/hooked.ts';
import { ids, insertAccount, insertPost, noEntities } from './testing/insert.ts';
import { mongoUrl, openTestMongo, type TestMongo } from './testing/open-mongo.ts';
import { withMethod } from './testing/with-method.ts';

describe.runIf(mongoUrl)('counts on MongoDB (TWITE_TEST_MONGODB_URL)', () => {
  let mongo: TestMongo;
  beforeEach(async () => {
    mongo = await openTestMongo();
  });
  afterEach(() => mongo[Symbol.asyncDispose]());

  const newAccount = () => insertAccount(mongo.context);
  const newPost = (authorId: string, context = mongo.context) => insertPost(context, authorId);

  const follow = (context: MongoContext, followerId: string, followeeId: string) =>
    new MongoFollowGraph(context).follow({ followId: ids.next(), followerId, followeeId });
  const like = (context: MongoContext, accountId: string, subjectId: string) =>
    new MongoLikeStore(context).add({ likeId: ids.next(), accountId, kind: 'post', subjectId });
  const accountOf = (accountId: string) => mongo.context.collections.accounts.findOne({ _id: accountId });
  const postOf = (postId: string) => mongo.context.collections.posts.findOne({ _id: postId });

  /** A process that dies after each write, before it recounts. */
  const crashing = (): MongoContext => ({
    ...mongo.context,
    counts: { ...mongo.counts, recountWritten: async () => {} },
  });

  const meeting = (collections: Partial<Collections>): MongoContext => {
    const all = { ...mongo.context.collections, ...collections };
    return { ...mongo.context, collections: all, counts: createCounts(all, { async invalidate() {} }) };
  };

  /** Suspends and settles, as the job does. */
  async function suspend(accountId: string): Promise<void> {
    await new MongoAccountStore(mongo.context).setSuspension(accountId, { at: 1, reason: null });
    await new MongoFollowGraph(mongo.context).settleAccount(accountId, false, { limit: 100 });
    await new MongoLikeStore(mongo.context).settleAccount(accountId, false, 100);
    await new MongoReplyStore(mongo.context).settleAuthor(accountId, false, 100);
    await mongo.counts.sweepDirty();
  }

  async function reinstate(accountId: string): Promise<void> {
    await new MongoAccountStore(mongo.context).setSuspension(accountId, null);
    await new MongoFollowGraph(mongo.context).settleAccount(accountId, true, { limit: 100 });
    await mongo.counts.sweepDirty();
  }

  it('are correct when two processes write concurrently', async () => {
    await using other = await mongo.beside();
    const postId = await newPost(await newAccount());
    const likers = await Promise.all(Array.from({ length: 60 }, newAccount));
    await Promise.all(
      likers.map((accountId, i) => like(i % 2 === 0 ? mongo.context : other.context, accountId, postId)),
    );
    await Promise.all(
      likers
        .slice(0, 25)
        .map((accountId, i) =>
          new MongoLikeStore(i % 2 === 0 ? mongo.context : other.context).remove(accountId, 'post', postId),
        ),
    );
    await mongo.counts.sweepDirty();
    expect((await postOf(postId))?.likeCount).toBe(35);
  });

  it('are never set back by a recount that counted before the last change', async () => {
    const postId = await newPost(await newAccount());
    const [early, late] = [await newAccount(), await newAccount()];
    await like(mongo.context, early, postId);
    // It has counted one like and is about to write the count when another process is faster.
    const slow = meeting({
      posts: hooked(mongo.context.collections.posts, 'bulkWrite', async () => {
        await like(mongo.context, late, postId);
        expect((await postOf(postId))?.likeCount).toBe(2);
      }),
    });
    const other = await newPost(await newAccount());
    await slow.counts.recount([
      ['post', postId, 'likeCount'],
      ['post', other, 'likeCount'],
    ]);
    expect((await postOf(postId))?.likeCount).toBe(2);
  });

  it('of many records are recounted with three queries, and invalidated together', async () => {
    const author = await newAccount();
    const postIds = await Promise.all(Array.from({ length: 20 }, () => newPost(author, crashing())));
    const liker = await newAccount();
    for (const postId of postIds.slice(0, 5)) await like(crashing(), liker, postId);
    let asked = 0;
    const asking = <C extends object, M extends keyof C & string>(collection: C, method: M) =>
      withMethod(collection, method, (real) => (...args) => {
        asked += 1;
        return real(...args);
      });
    const { posts, likes } = mongo.context.collections;
    const all = {
      ...mongo.context.collections,
      posts: asking(asking(posts, 'find'), 'bulkWrite'),
      likes: asking(likes, 'aggregate'),
    };
    const told: (readonly Invalidation[])[] = [];
    const counts = createCounts(all, { invalidate: async (invalidations) => void told.push(invalidations) });
    await counts.recount(postIds.map((postId) => ['post', postId, 'likeCount']));
    expect(asked).toBe(3);
    expect(told).toEqual([postIds.map((postId) => ['posts', postId])]);
    const found = await Promise.all(postIds.map(postOf));
    expect(found.map((post) => post?.likeCount)).toEqual(postIds.map((_, at) => (at < 5 ? 1 : 0)));
  });

  it('of one process share recounts: writes that complete during one share the next', async () => {
    const postId = await newPost(await newAccount());
    let counted = 0;
    const begun = Promise.withResolvers<void>();
    const posts = withMethod(mongo.context.collections.posts, 'bulkWrite', (real) => (...args) => {
      counted += 1;
      begun.resolve();
      return real(...args);
    });
    const { counts } = meeting({ posts });
    const recount = () => counts.recountWritten([['post', postId, 'likeCount']], []);
    const first = recount();
    await begun.promise;
    await Promise.all([first, ...Array.from({ length: 50 }, recount)]);
    expect(counted).toBe(2);
    await recount();
    expect(counted).toBe(3);
  });

  it('above a thousand are deferred to the sweep, and are exact after it', async () => {
    const postId = await newPost(await newAccount());
    await mongo.context.collections.likes.insertMany(
      Array.from({ length: 1_000 }, (_, i) => ({
        _id: `${i}:post:${postId}`,
        likeId: ids.next(),
        accountId: `${i}`,
        kind: 'post' as const,
        subjectId: postId,
        counted: true,
      })),
    );
    const [first, fan] = [await newAccount(), await newAccount()];
    await like(mongo.context, first, postId);
    expect(await postOf(postId)).toMatchObject({ likeCount: 1_001 });
    expect((await postOf(postId))?.dirty).toBeUndefined();

    await like(mongo.context, fan, postId);
    expect(await postOf(postId)).toMatchObject({ dirty: true, dirtyCounts: ['likeCount'] });
    expect(await mongo.counts.sweepDirty()).toBe(1);
    expect(await postOf(postId)).toMatchObject({ likeCount: 1_002 });
    expect((await postOf(postId))?.dirty).toBeUndefined();
    expect(await mongo.counts.sweepDirty()).toBe(0);

    for (const liker of [fan, first]) await new MongoLikeStore(mongo.context).remove(liker, 'post', postId);
    expect(await mongo.counts.sweepDirty()).toBe(1);
    expect(await postOf(postId)).toMatchObject({ likeCount: 1_000 });
    await new MongoLikeStore(mongo.context).remove('7', 'post', postId);
    expect(await postOf(postId)).toMatchObject({ likeCount: 999 });
  });

  it('that take long are postponed for twenty times as long', async () => {
    const large = await newAccount();
    const small = await newPost(large);
    let nowMs = 0;
    const { follows } = mongo.context.collections;
    const slow = withMethod(follows, 'aggregate', (real) => (...args) => {
      if (JSON.stringify(args).includes(large)) nowMs += 3_000;
      return real(...args);
    });
    const collections = { ...mongo.context.collections, follows: slow };
    const counts = createCounts(collections, { async invalidate() {}, now: () => nowMs });
    const sweep = async () => {
      await mongo.counts.markDirty('account', [large], ['followerCount']);
      await mongo.counts.markDirty('post', [small], ['likeCount']);
      return counts.sweepDirty({ mayPostpone: true });
    };
    expect(await sweep()).toBe(2);
    expect(await sweep()).toBe(1);
    nowMs += 59_999;
    expect(await sweep()).toBe(1);
    expect(await accountOf(large)).toMatchObject({ dirty: true });
    nowMs += 1;
    expect(await sweep()).toBe(2);
    await mongo.counts.markDirty('account', [large], ['followerCount']);
    expect(await counts.sweepDirty()).toBe(1);
  });

  it('that are marked again during a sweep are recounted again', async () => {
    const postId = await newPost(await newAccount());
    await mongo.counts.markDirty('post', [postId], ['likeCount']);
    const slow = meeting({
      posts: hooked(mongo.context.collections.posts, 'bulkWrite', () =>
        mongo.counts.markDirty('post', [postId], ['replyCount']),
      ),
    });
    expect(await slow.counts.sweepDirty()).toBe(1);
    expect(await postOf(postId)).toMatchObject({ dirty: true, dirtyCounts: ['likeCount', 'replyCount'] });
    expect(await slow.counts.sweepDirty()).toBe(1);
    expect(await slow.counts.sweepDirty()).toBe(0);
  });

  it('that a crash left wrong are repaired by the events of the writes', async () => {
    const [a, b] = [await newAccount(), await newAccount()];
    const crashed = crashing();
    const postId = await newPost(a, crashed);
    await follow(crashed, b, a);
    await like(crashed, b, postId);
    const replyId = ids.next();
    await new MongoReplyStore(crashed).insert({
      replyId,
      postId,
      parentReplyId: null,
      authorId: b,
      text: 'x',
      entities: noEntities,
      media: [],
      createdAt: 1,
    });
    expect(await accountOf(a)).toMatchObject({ publicPostCount: 0, followerCount: 0 });
    const changes = [
      { type: 'postCreated', postId, authorId: a },
      { type: 'accountFollowed', followerId: b, followeeId: a },
      { type: 'postLiked', postId, accountId: b },
      { type: 'replyCreated', replyId, postId, authorId: b },
    ] as const;
    for (let round = 0; round < 2; round++) {
      await repairCounts(
        mongo.context,
        changes.map((event) => ({ event, snapshot: false })),
      );
      expect(await accountOf(a)).toMatchObject({ publicPostCount: 1, followerCount: 1, followingCount: 0 });
      expect(await accountOf(b)).toMatchObject({ followerCount: 0, followingCount: 1 });
      expect(await postOf(postId)).toMatchObject({ likeCount: 1, replyCount: 1 });
    }
    await new MongoReplyStore(crashed).delete(replyId);
    await new MongoLikeStore(crashed).remove(b, 'post', postId);
    await new MongoFollowGraph(crashed).unfollow(b, a);
    await new MongoPostStore(crashed).delete(postId);
    const undone = [
      { type: 'replyDeleted', replyId, postId, authorId: b },
      { type: 'postUnliked', postId, accountId: b },
      { type: 'accountUnfollowed', followerId: b, followeeId: a },
      { type: 'postDeleted', postId, authorId: a },
    ] as const;
    await repairCounts(
      mongo.context,
      undone.map((event) => ({ event, snapshot: false })),
    );
    expect(await accountOf(a)).toMatchObject({ publicPostCount: 0, followerCount: 0 });
    expect(await accountOf(b)).toMatchObject({ followingCount: 0 });
  });

  it('of a document are all repaired by the snapshot', async () => {
    const [a, b] = [await newAccount(), await newAccount()];
    const postId = await newPost(a);
    await follow(mongo.context, b, a);
    await like(mongo.context, b, postId);
    const { accounts, posts } = mongo.context.collections;
    await accounts.updateMany({}, { $set: { followerCount: 7, followingCount: 7, publicPostCount: 7 } });
    await posts.updateMany({}, { $set: { likeCount: 7, replyCount: 7 } });
    await repairCounts(mongo.context, [
      { event: { type: 'accountUpdated', accountId: a }, snapshot: true },
      { event: { type: 'accountUpdated', accountId: b }, snapshot: false },
      { event: { type: 'postCreated', postId, authorId: a }, snapshot: true },
    ]);
    expect(await accountOf(a)).toMatchObject({ followerCount: 1, followingCount: 0, publicPostCount: 1 });
    expect(await accountOf(b)).toMatchObject({ followerCount: 7, followingCount: 7 });
    expect(await postOf(postId)).toMatchObject({ likeCount: 1, replyCount: 0 });
  });

  it('exclude accounts that are suspended while they follow, like or reply', async () => {
    const { follows, likes, replies } = mongo.context.collections;
    const [a, b, c, d] = [await newAccount(), await newAccount(), await newAccount(), await newAccount()];
    const postId = await newPost(a);
    await follow(meeting({ follows: hooked(follows, 'insertOne', () => suspend(b)) }), b, a);
    expect(await follows.findOne({ followerId: b })).toMatchObject({ counted: false });
    expect(await accountOf(a)).toMatchObject({ followerCount: 0 });
    await like(meeting({ likes: hooked(likes, 'insertOne', () => suspend(c)) }), c, postId);
    expect(await likes.findOne({ accountId: c })).toMatchObject({ counted: false });
    const reply = {
      replyId: ids.next(),
      postId,
      parentReplyId: null,
      authorId: d,
      text: 'x',
      entities: noEntities,
      media: [],
      createdAt: 1,
    };
    await new MongoReplyStore(meeting({ replies: hooked(replies, 'insertOne', () => suspend(d)) })).insert(
      reply,
    );
    expect(await replies.findOne({ authorId: d })).toMatchObject({ counted: false });
    expect(await postOf(postId)).toMatchObject({ likeCount: 0, replyCount: 0 });
  });

  it('exclude accounts that are suspended while the other end of a follow is reinstated', async () => {
    const { follows } = mongo.context.collections;
    const [a, b] = [await newAccount(), await newAccount()];
    await follow(mongo.context, a, b);
    await suspend(a);
    await new MongoAccountStore(mongo.context).setSuspension(a, null);
    const settling = meeting({ follows: hooked(follows, 'updateMany', () => suspend(b)) });
    await new MongoFollowGraph(settling).settleAccount(a, true, { limit: 100 });
    expect(await follows.findOne({ followerId: a })).toMatchObject({ counted: false });
    await reinstate(b);
    expect(await follows.findOne({ followerId: a })).toMatchObject({ counted: true });
    expect(await accountOf(b)).toMatchObject({ followerCount: 1 });
  });

  it('of writes with a stale status before a crash are repaired by their events', async () => {
    const { follows, likes } = mongo.context.collections;
    const [a, b] = [await newAccount(), await newAccount()];
    const postId = await newPost(a);
    await follow(mongo.context, b, a);
    await like(mongo.context, b, postId);
    await new MongoAccountStore(mongo.context).setSuspension(b, { at: 1, reason: null });
    await repairCounts(mongo.context, [
      { event: { type: 'accountFollowed', followerId: b, followeeId: a }, snapshot: false },
      { event: { type: 'postLiked', postId, accountId: b }, snapshot: false },
    ]);
    expect(await follows.findOne({ followerId: b })).toMatchObject({ counted: false });
    expect(await likes.findOne({ accountId: b })).toMatchObject({ counted: false });
    expect(await accountOf(a)).toMatchObject({ followerCount: 0 });
    expect(await postOf(postId)).toMatchObject({ likeCount: 0 });
  });

  it('a like concurrent with the deletion of its post leaves no like', async () => {
    const { likes } = mongo.context.collections;
    const [a, b] = [await newAccount(), await newAccount()];
    const postId = await newPost(a);
    const erase = async () => {
      await new MongoPostStore(mongo.context).delete(postId);
      await new MongoLikeStore(mongo.context).purgeBySubject('post', postId, 10);
    };
    expect(await like(meeting({ likes: hooked(likes, 'insertOne', erase) }), b, postId)).toBe(false);
    expect(await likes.countDocuments()).toBe(0);

    await likes.insertOne({
      _id: `${b}:post:${postId}`,
      likeId: ids.next(),
      accountId: b,
      kind: 'post',
      subjectId: postId,
      counted: true,
    });
    await repairCounts(mongo.context, [
      { event: { type: 'postLiked', postId, accountId: b }, snapshot: false },
    ]);
    expect(await likes.countDocuments()).toBe(0);
  });

  it('of others are swept after a crash in the middle of a settlement, also when a sweep came before its write', async () => {
    const [a, b] = [await newAccount(), await newAccount()];
    const postId = await newPost(a);
    await like(mongo.context, b, postId);
    await new MongoAccountStore(mongo.context).setSuspension(b, { at: 1, reason: null });
    const { likes } = mongo.context.collections;
    const context = meeting({
      likes: hooked(likes, 'updateMany', async () => {
        await mongo.counts.sweepDirty();
        context.counts.markDirty = () => Promise.reject(new Error('dead'));
      }),
    });
    await expect(new MongoLikeStore(context).settleAccount(b, false, 10)).rejects.toThrow('dead');
    expect(await new MongoLikeStore(mongo.context).settleAccount(b, false, 10)).toBe(0);
    await mongo.counts.sweepDirty();
    expect(await postOf(postId)).toMatchObject({ likeCount: 0 });
  });

  it('that take too long do not keep others from being recounted', async () => {
    const [slow, quick] = [await newAccount(), await newAccount()];
    const { accounts, follows } = mongo.context.collections;
    const tooSlow = new MongoServerError({ message: 'operation exceeded time limit', code: 50 });
    const impatient = withMethod(
      follows,
      'aggregate',
      (real) =>
        (...args) =>
          JSON.stringify(args).includes(slow) ? { toArray: () => Promise.reject(tooSlow) } : real(...args),
    );
    await accounts.updateMany({}, { $set: { followerCount: 7 } });
    await mongo.counts.markDirty('account', [slow, quick], ['followerCount']);
    await expect(meeting({ follows: impatient }).counts.sweepDirty()).rejects.toBe(tooSlow);
    expect(await accountOf(quick)).toMatchObject({ followerCount: 0 });
    expect(await accountOf(slow)).toMatchObject({ followerCount: 7, dirty: true });
    await mongo.counts.sweepDirty();
    expect(await accountOf(slow)).toMatchObject({ followerCount: 0 });
  });

  it('of others are swept after a crash in the middle of a settlement', async () => {
    const [a, b] = [await newAccount(), await newAccount()];
    const postId = await newPost(a);
    await like(mongo.context, b, postId);
    await follow(mongo.context, b, a);
    await new MongoAccountStore(mongo.context).setSuspension(b, { at: 1, reason: null });
    // The process dies once the edges are written.
    let isWritten = false;
    const written = async () => {
      isWritten = true;
    };
    const { likes, follows } = mongo.context.collections;
    const settleLikes = (context: MongoContext) => new MongoLikeStore(context).settleAccount(b, false, 10);
    const settleFollows = (context: MongoContext) =>
      new MongoFollowGraph(context).settleAccount(b, false, { limit: 10 });
    for (const settle of [settleLikes, settleFollows]) {
      isWritten = false;
      const context = meeting({
        likes: hooked(likes, 'updateMany', written),
        follows: hooked(follows, 'updateMany', written),
      });
      const markDirty: typeof context.counts.markDirty = (...mark) =>
        isWritten ? Promise.reject(new Error('dead')) : mongo.counts.markDirty(...mark);
      const dying = settle({ ...context, counts: { ...context.counts, markDirty } });
      await expect(dying).rejects.toThrow('dead');
    }
    expect(await postOf(postId)).toMatchObject({ likeCount: 1 });
    await mongo.counts.sweepDirty();
    expect(await postOf(postId)).toMatchObject({ likeCount: 0 });
    expect(await accountOf(a)).toMatchObject({ followerCount: 0 });
  });
});
