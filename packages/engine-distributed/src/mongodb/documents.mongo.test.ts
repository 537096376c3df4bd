import { withTrace } from '@twite/core/trace';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readChange } from '../relay/change-events.ts';
import { MongoAccountStore } from './account-store.ts';
import { ensureSchema } from './ensure-schema.ts';
import { MongoFollowGraph } from './follow-graph.ts';
import { MongoParkedMessages } from './parked-messages.ts';
import { MongoPostStore } from './post-store.ts';
import { MongoReplyStore } from './reply-store.ts';
import { schemaVersion } from './schema-version.ts';
import { ids, insertAccount, insertPost, noEntities } from './testing/insert.ts';
import { mongoUrl, openTestMongo, type TestMongo } from './testing/open-mongo.ts';
import { accountsSince, allFollows, allPosts, postsSince } from './walks.ts';

const trace = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

describe.runIf(mongoUrl)('what is written to MongoDB (TWITE_TEST_MONGODB_URL)', () => {
  let mongo: TestMongo;
  beforeEach(async () => {
    mongo = await openTestMongo();
  });
  afterEach(() => mongo[Symbol.asyncDispose]());

  const newAccount = () => insertAccount(mongo.context);
  const newPost = (authorId: string, postId?: string) => insertPost(mongo.context, authorId, postId);

  type Changed = 'accounts' | 'posts' | 'replies' | 'follows';
  const documentOf = (collection: Changed, id: string) =>
    mongo.databases
      .db(
        { accounts: 'identity', posts: 'posts', replies: 'replies', follows: 'social' }[
          collection
        ] as 'identity',
      )
      .collection<{ _id: string; change?: string; trace?: string; rev: number; [field: string]: unknown }>(
        collection,
      )
      .findOne({ _id: id });

  async function eventIn(collection: Changed, documentId: string) {
    const change = (await documentOf(collection, documentId))?.change;
    if (change === undefined) return undefined;
    const reading = readChange({ operationType: 'update', collection, documentId, change });
    return reading.kind === 'event' ? reading.event : reading;
  }

  it('stores the event of each change, with the rev and the trace of the request', async () => {
    const accounts = new MongoAccountStore(mongo.context);
    const accountId = await newAccount();
    expect(await documentOf('accounts', accountId)).toMatchObject({ rev: 1 });
    await withTrace(trace, () => accounts.update(accountId, { bio: 'x' }));
    expect(await eventIn('accounts', accountId)).toEqual({ type: 'accountUpdated', accountId });
    expect(await documentOf('accounts', accountId)).toMatchObject({
      rev: 2,
      change: 'accountUpdated 2',
      trace,
    });
    await accounts.setSuspension(accountId, { at: 1, reason: null });
    expect(await eventIn('accounts', accountId)).toEqual({ type: 'accountStatusChanged', accountId });
    // That request had no trace, and the previous one's is not reused.
    expect(await documentOf('accounts', accountId)).not.toHaveProperty('trace');
    await accounts.markPopular(accountId);
    await accounts.setPasswordHash(accountId, '$2');
    await newPost(accountId);
    expect(await documentOf('accounts', accountId)).toMatchObject({
      rev: 3,
      change: 'accountStatusChanged 3',
    });
  });

  it('leaves tombstones of posts and replies, without their texts', async () => {
    const [authorId, other] = [await newAccount(), await newAccount()];
    const postId = await newPost(authorId);
    const replyId = ids.next();
    const replies = new MongoReplyStore(mongo.context);
    const reply = { replyId, postId, parentReplyId: null, authorId: other, text: 'x', entities: noEntities };
    await replies.insert({ ...reply, media: [], createdAt: 1 });
    await replies.delete(replyId);
    await new MongoPostStore(mongo.context).delete(postId);
    expect(await eventIn('posts', postId)).toEqual({ type: 'postDeleted', postId, authorId });
    expect(await eventIn('replies', replyId)).toEqual({
      type: 'replyDeleted',
      replyId,
      postId,
      authorId: other,
    });
    for (const document of [await documentOf('posts', postId), await documentOf('replies', replyId)]) {
      expect(document).toMatchObject({ rev: 2, deleted: true, purgeAt: expect.any(Date) });
      expect(document).not.toHaveProperty('text');
      expect(document).not.toHaveProperty('entities');
    }
  });

  it('keeps one document for a follow, whose rev increases even across its purge', async () => {
    const follows = new MongoFollowGraph(mongo.context);
    const [a, b] = [await newAccount(), await newAccount()];
    const id = `${a}:${b}`;
    const follow = () => follows.follow({ followId: ids.next(), followerId: a, followeeId: b });
    const second = Math.floor(Date.now() / 1000);
    await follow();
    const first = (await documentOf('follows', id))?.rev ?? 0;
    expect(first).toBeGreaterThanOrEqual(second);
    await follows.unfollow(a, b);
    expect(await eventIn('follows', id)).toEqual({
      type: 'accountUnfollowed',
      followerId: a,
      followeeId: b,
    });
    expect(await documentOf('follows', id)).toMatchObject({ change: `accountUnfollowed ${first + 1}` });
    await follow();
    expect(await eventIn('follows', id)).toEqual({ type: 'accountFollowed', followerId: a, followeeId: b });
    expect(await documentOf('follows', id)).toMatchObject({ active: true, counted: true, rev: first + 2 });
    expect(await documentOf('follows', id)).not.toHaveProperty('purgeAt');
  });

  it('treats user input as text, regardless of its form', async () => {
    const accounts = new MongoAccountStore(mongo.context);
    const accountId = await newAccount();
    for (const text of ['$handle', '$$ROOT', '$$NOW', '{"$set":1}', '$']) {
      await accounts.update(accountId, { displayName: text, bio: text });
      expect((await accounts.findMany([accountId])).get(accountId)).toMatchObject({
        displayName: text,
        bio: text,
      });
    }
  });

  it('invalidates caches', async () => {
    const [a, b] = [await newAccount(), await newAccount()];
    mongo.invalidations.length = 0;
    await new MongoFollowGraph(mongo.context).follow({ followId: ids.next(), followerId: a, followeeId: b });
    expect(mongo.invalidations.splice(0).toSorted()).toEqual([
      ['accounts', a],
      ['accounts', b],
      ['followees', a],
    ]);
    const postId = await newPost(a);
    expect(mongo.invalidations).toEqual([
      ['posts', postId],
      ['newestPosts', a],
    ]);
  });

  it('can be prepared by several servers at once, and repeatedly', async () => {
    await using other = await mongo.beside();
    await Promise.all(
      Array.from({ length: 8 }, (_, i) => ensureSchema(i % 2 === 0 ? mongo.databases : other.databases)),
    );
    const { accounts } = mongo.context.collections;
    expect((await accounts.indexes()).find(({ name }) => name === 'by_handle')).toMatchObject({
      unique: true,
    });
  });

  it('is not changed if a newer server created it', async () => {
    await mongo.databases
      .db('social')
      .collection<{ _id: string; version: number }>('schema')
      .updateOne({ _id: 'schema' }, { $set: { version: schemaVersion + 1 } });
    await expect(ensureSchema(mongo.databases)).rejects.toMatchObject({
      name: 'EngineOpenError',
      message: expect.stringContaining(`${mongo.namespace}_social is of version ${schemaVersion + 1}`),
    });
  });

  it('can be iterated in batches, including tombstones, and from a point in time', async () => {
    const authorId = await newAccount();
    const posts: string[] = [];
    for (let i = 0; i < 7; i++) posts.push(await newPost(authorId));
    await new MongoPostStore(mongo.context).delete(posts[2] ?? '');
    const idsOf = async (walk: AsyncIterable<readonly { _id: string }[]>) => {
      const found: string[][] = [];
      for await (const batch of walk) found.push(batch.map(({ _id }) => _id));
      return found;
    };
    const { collections } = mongo.context;
    expect(await idsOf(allPosts(collections, { batchSize: 3 }))).toEqual([
      posts.slice(0, 3),
      posts.slice(3, 6),
      posts.slice(6),
    ]);
    expect(await idsOf(allPosts(collections, { after: posts[4] }))).toEqual([posts.slice(5)]);
    expect(await idsOf(allFollows(collections))).toEqual([]);
    expect((await idsOf(postsSince(collections, Date.now() + 60_000))).flat()).toEqual([]);
    expect((await idsOf(postsSince(collections, Date.now() - 60_000))).flat()).toEqual([...posts, posts[2]]);
    expect((await idsOf(accountsSince(collections, Date.now() - 60_000))).flat()).toEqual([authorId]);
    expect((await idsOf(accountsSince(collections, Date.now() + 60_000))).flat()).toEqual([]);
  });

  it('parks messages until they are taken, by queue', async () => {
    // Ids of the same millisecond are in random order.
    let now = Date.now();
    const parked = new MongoParkedMessages({ ...mongo.context, wallNow: () => now++ });
    expect(await parked.count()).toEqual(new Map());
    const event = { type: 'accountUpdated', accountId: '1' } as const;
    await parked.park({ queue: 'upkeep', payload: event, error: 'first' });
    await parked.park({ queue: 'jobs', payload: { unreadable: 'zzz' }, error: 'second' });
    await Promise.all(
      Array.from({ length: 20 }, () => parked.park({ queue: 'upkeep', payload: event, error: 'more' })),
    );
    expect(await parked.count()).toEqual(
      new Map([
        ['upkeep', 21],
        ['jobs', 1],
      ]),
    );
    const [first, ...others] = await parked.find('upkeep', 'all', 100);
    expect(first).toEqual({
      messageId: expect.stringMatching(/^\d{19}$/),
      queue: 'upkeep',
      payload: event,
      error: 'first',
      parkedAt: expect.any(Number),
    });
    expect(others).toHaveLength(20);
    expect(await parked.find('upkeep', 'all', 5, first?.messageId)).toEqual(others.slice(0, 5));
    const some = others.slice(3, 5).map(({ messageId }) => messageId);
    expect(await parked.find('upkeep', [...some, 'unknown'], 10)).toEqual(others.slice(3, 5));
    expect(await parked.remove('jobs', some)).toBe(0);
    expect(await parked.remove('upkeep', some)).toBe(2);
    expect(await parked.remove('upkeep', 'all')).toBe(19);
    expect(await parked.find('jobs', 'all', 10)).toHaveLength(1);
  });
});
