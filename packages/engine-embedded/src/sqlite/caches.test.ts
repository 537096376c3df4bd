import { type CachedStores, cachedStores } from '@twite/core/caching/cached-stores';
import { createCaches, listenerOf } from '@twite/core/caching/caches';
import type { MediaSnapshot } from '@twite/core/media/media-record';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { SqliteAccountStore } from './account-store.ts';
import { SqliteBlockList } from './block-list.ts';
import { createCommitBus } from './commit-bus.ts';
import { SqliteFollowGraph } from './follow-graph.ts';
import { SqliteLikeStore } from './like-store.ts';
import { SqliteMuteList } from './mute-list.ts';
import { openDatabase } from './open-database.ts';
import { SqlitePostStore } from './post-store.ts';
import { SqliteReplyStore } from './reply-store.ts';
import { SqliteSessionStore } from './session-store.ts';
import type { Store } from './store.ts';
import { SqliteTokenStore } from './token-store.ts';

const entities = { mentions: [], hashtags: [], urls: [] };
const ids = (prefix: string) => [1, 2, 3].map((n) => `${prefix}${n}`);
const accountIds = ids('a');
const postIds = ['11', '12', '13'];
const replyIds = ids('r');
const hashes = ids('h');

const sourcesOf = (store: Store) => ({
  accounts: new SqliteAccountStore(store),
  sessions: new SqliteSessionStore(store),
  tokens: new SqliteTokenStore(store),
  posts: new SqlitePostStore(store),
  replies: new SqliteReplyStore(store),
  likes: new SqliteLikeStore(store),
  follows: new SqliteFollowGraph(store),
  blocks: new SqliteBlockList(store),
  mutes: new SqliteMuteList(store),
});

/** The stores of a new database, with caches and without. */
async function openStores(bytesMax: number) {
  const bus = createCommitBus();
  const database = await openDatabase(':memory:', true, bus);
  const stored = sourcesOf(database);
  const caches = createCaches({ bytesMax, isShared: false });
  bus.listen(listenerOf(caches));
  return { stored, cached: cachedStores(stored, caches, bus), close: () => database.close() };
}

/** Everything that caches affect. */
const readAll = async (from: CachedStores) => ({
  accounts: await from.accounts.findMany(accountIds),
  posts: await from.posts.findMany(postIds),
  newest: await from.posts.listByAuthors(accountIds, { limit: 2 }),
  older: await from.posts.listByAuthors(accountIds, { before: '13', limit: 5 }),
  replies: await from.replies.findMany(replyIds),
  sessions: await Promise.all(hashes.map((hash) => from.sessions.findByAccessHash(hash))),
  tokens: await Promise.all(hashes.map((hash) => from.tokens.findBySecretHash(hash))),
  perAccount: await Promise.all(
    accountIds.map(async (accountId) => ({
      followees: await from.follows.followeesAmong(accountId, accountIds),
      counted: await from.follows.listFolloweeIds(accountId),
      popular: await from.follows.listPopularFolloweeIds(accountId),
      hidden: await from.blocks.hiddenFrom(accountId),
      muted: await from.mutes.mutedBy(accountId),
      likedPosts: await from.likes.likedAmong(accountId, 'post', postIds),
      likedReplies: await from.likes.likedAmong(accountId, 'reply', replyIds),
    })),
  ),
});

const account = fc.constantFrom(...accountIds);
const post = fc.constantFrom(...postIds);
const reply = fc.constantFrom(...replyIds);
const hash = fc.constantFrom(...hashes);
const kind = fc.constantFrom('post' as const, 'reply' as const);
const limit = fc.integer({ min: 1, max: 3 });

const snapshot = (mediaId: string): MediaSnapshot => ({
  mediaId,
  kind: 'image',
  state: 'ready',
  main: null,
  width: 1,
  height: 1,
  durationMs: null,
  altText: '',
  focus: { x: 0, y: 0 },
  thumbhash: null,
  variants: [],
});
const some = fc.subarray(ids('m').map(snapshot));

type Change = (to: CachedStores) => Promise<unknown>;
const change = fc.oneof<fc.Arbitrary<Change>[]>(
  fc.tuple(post, account, some).map(
    ([postId, authorId, media]) =>
      (to) =>
        to.posts.insert({
          postId,
          authorId,
          text: '',
          entities,
          visibility: 'public',
          media,
          createdAt: 0,
        }),
  ),
  post.map((postId) => (to) => to.posts.delete(postId)),
  fc.tuple(post, some).map(
    ([postId, media]) =>
      (to) =>
        to.posts.setMedia(postId, media),
  ),
  fc.tuple(reply, some).map(
    ([replyId, media]) =>
      (to) =>
        to.replies.setMedia(replyId, media),
  ),
  fc.tuple(account, some).map(
    ([accountId, [avatar = null, banner]]) =>
      (to) =>
        to.accounts.update(accountId, { avatar, ...(banner ? { banner } : {}) }),
  ),
  fc.tuple(account, fc.constantFrom('avatar', 'banner'), fc.constantFrom(...ids('m')), some).map(
    ([accountId, kind, mediaId, [picture = null]]) =>
      (to) =>
        to.accounts.replacePicture(accountId, kind, mediaId, picture),
  ),
  fc.tuple(reply, post, account, some).map(
    ([replyId, postId, authorId, media]) =>
      (to) =>
        to.replies.insert({
          replyId,
          postId,
          parentReplyId: null,
          authorId,
          text: '',
          entities,
          media,
          createdAt: 0,
        }),
  ),
  reply.map((replyId) => (to) => to.replies.delete(replyId)),
  fc.tuple(post, limit).map(
    ([postId, n]) =>
      (to) =>
        to.replies.purgeByPost(postId, n),
  ),
  fc.tuple(account, kind, fc.nat(2)).map(([accountId, of, n]) => (to) => {
    const subjectId = (of === 'post' ? postIds : replyIds)[n] ?? '';
    return to.likes.add({ likeId: `l${accountId}${subjectId}`, accountId, kind: of, subjectId });
  }),
  fc.tuple(account, kind, fc.nat(2)).map(([accountId, of, n]) => (to) => {
    return to.likes.remove(accountId, of, (of === 'post' ? postIds : replyIds)[n] ?? '');
  }),
  fc.tuple(account, limit).map(
    ([accountId, n]) =>
      (to) =>
        to.likes.purgeByAccount(accountId, n),
  ),
  fc.tuple(post, limit).map(
    ([postId, n]) =>
      (to) =>
        to.likes.purgeBySubject('post', postId, n),
  ),
  fc.tuple(account, account).map(([followerId, followeeId]) => async (to) => {
    if (followerId === followeeId) return;
    await to.follows.follow({ followId: `f${followerId}${followeeId}`, followerId, followeeId });
  }),
  fc.tuple(account, account).map(
    ([a, b]) =>
      (to) =>
        to.follows.unfollow(a, b),
  ),
  fc.tuple(account, limit).map(
    ([accountId, n]) =>
      (to) =>
        to.follows.purgeByAccount(accountId, n),
  ),
  fc.tuple(account, account).map(
    ([a, b]) =>
      (to) =>
        to.blocks.add(`b${a}${b}`, a, b),
  ),
  fc.tuple(account, account).map(
    ([a, b]) =>
      (to) =>
        to.blocks.remove(a, b),
  ),
  fc.tuple(account, limit).map(
    ([accountId, n]) =>
      (to) =>
        to.blocks.purgeByAccount(accountId, n),
  ),
  fc.tuple(account, account).map(
    ([a, b]) =>
      (to) =>
        to.mutes.add(`m${a}${b}`, a, b),
  ),
  fc.tuple(account, account).map(
    ([a, b]) =>
      (to) =>
        to.mutes.remove(a, b),
  ),
  fc.tuple(account, limit).map(
    ([accountId, n]) =>
      (to) =>
        to.mutes.purgeByAccount(accountId, n),
  ),
  account.map((accountId) => (to) => to.accounts.update(accountId, { bio: 'changed' })),
  account.map((accountId) => (to) => to.accounts.setRole(accountId, 'admin')),
  account.map((accountId) => (to) => to.accounts.markPopular(accountId)),
  fc.tuple(account, fc.boolean(), limit).map(([accountId, active, n]) => async (to) => {
    await to.accounts.setSuspension(accountId, active ? null : { at: 1, reason: null });
    await to.follows.settleAccount(accountId, active, { limit: n });
    await to.likes.settleAccount(accountId, active, n);
    await to.replies.settleAuthor(accountId, active, n);
  }),
  account.map((accountId) => (to) => to.accounts.markDeleted(accountId)),
  fc.tuple(account, hash, fc.nat(1)).map(
    ([accountId, accessHash, n]) =>
      (to) =>
        to.sessions
          .insert({ ...session, sessionId: `s${n}${accessHash}`, accountId, accessHash: `${accessHash}` })
          .catch(() => {}),
  ),
  fc.tuple(hash, hash).map(
    ([from, accessHash]) =>
      (to) =>
        to.sessions.rotate(`s0${from}`, 0, { ...session, accessHash, generation: 1 }).catch(() => {}),
  ),
  hash.map((from) => (to) => to.sessions.delete(`s0${from}`)),
  account.map((accountId) => (to) => to.sessions.deleteByAccount(accountId)),
  fc.tuple(account, hash).map(
    ([accountId, secretHash]) =>
      (to) =>
        to.tokens.insert({
          tokenId: 't',
          accountId,
          name: '',
          scopes: ['read'],
          secretHash,
          createdAt: 0,
          expiresAt: null,
        }),
  ),
  account.map((accountId) => (to) => to.tokens.delete(accountId, 't')),
  account.map((accountId) => (to) => to.tokens.deleteByAccount(accountId)),
);

const session = {
  accessExpiresAt: 0,
  refreshHash: '',
  refreshExpiresAt: 0,
  generation: 0,
  tagKey: '',
  previousRefreshHash: null,
  successorSalt: null,
  rotatedAt: 0,
  createdAt: 0,
  userAgent: null,
};

it('what is cached is what is stored, after every change', async () => {
  // So little memory that it evicts all the time, or enough.
  const bytesMax = fc.constantFrom(20_000, 1_000_000);
  await fc.assert(
    fc.asyncProperty(bytesMax, fc.array(change, { maxLength: 30 }), async (bytesMax, changes) => {
      const { stored, cached, close } = await openStores(bytesMax);
      for (const accountId of accountIds) {
        await cached.accounts.insert({
          accountId,
          handle: accountId,
          displayName: '',
          passwordHash: '',
          createdAt: 0,
        });
      }
      for (const apply of changes) {
        await apply(cached);
        expect(await readAll(cached)).toEqual(await readAll(stored));
      }
      await close();
    }),
    { numRuns: 300 },
  );
});

it('a record is the same object as long as nothing in it changed', async () => {
  const { cached, close } = await openStores(1_000_000);
  const { posts, likes } = cached;
  for (const postId of postIds) {
    await posts.insert({
      postId,
      authorId: 'a1',
      text: '',
      entities,
      visibility: 'public',
      media: [],
      createdAt: 0,
    });
  }
  const before = await posts.findMany(postIds);
  await likes.add({ likeId: 'l', accountId: 'a2', kind: 'post', subjectId: '12' });
  const after = await posts.findMany(postIds);
  expect(after.get('11')).toBe(before.get('11'));
  expect(after.get('12')).not.toBe(before.get('12'));
  expect(Object.isFrozen(after.get('12'))).toBe(true);
  await close();
});
