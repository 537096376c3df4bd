import { expect, it } from 'vitest';
import { mediaUrlFrom } from '../media/present-media.ts';
import { viewPosts } from '../posts/view-posts.ts';
import { cachedStores, type SourceStores } from './cached-stores.ts';
import { createCaches, defaultCacheBytes, listenerOf } from './caches.ts';
import { delegate } from './delegate.ts';
import { copyOf, idOf, usedBytes } from './testing/heap.ts';
import { LocalBus } from './testing/local-bus.ts';
import { createNaiveStores, noData } from './testing/naive-stores.ts';
import { anAccount, aSession } from './testing/records.ts';

const readers = 5_000;
const followeesOfEach = 100;
const authors = 10_000;
const page = 20;
/** A page of a home timeline is what the followed accounts wrote last, among the newest posts of all accounts. */
const newestPosts = 4_000;
const popularAccounts = 20;

/** A uniform number below `max`, the same for the same arguments. */
const draw = (max: number, ...from: readonly number[]): number => {
  let state = 0x9e37_79b9;
  for (const n of from) {
    state = Math.imul(state ^ n, 0x85eb_ca6b);
    state = Math.imul(state ^ (state >>> 13), 0xc2b2_ae35);
    state ^= state >>> 16;
  }
  return (state >>> 0) % max;
};
const numbers = (count: number) => Array.from({ length: count }, (_, n) => n);

const authorOf = (post: number) => draw(authors, post);
const followedBy = (reader: number) =>
  numbers(followeesOfEach).map((n) => (n < 3 ? draw(popularAccounts, reader, n) : draw(authors, reader, n)));
const authorId = (author: number) => idOf(1_000_000 + author);
const readerId = (reader: number) => idOf(2_000_000 + reader);
const postId = (post: number) => idOf(3_000_000 + post);
const numberOf = (id: string, first: number) => Number(id.slice(8)) - first;

/** Stores that make up what they hold. Every string is a copy of its own, as drivers create them. */
function sources(bus: LocalBus): SourceStores {
  const naive = createNaiveStores(noData(), bus);
  return {
    ...naive,
    sessions: delegate(naive.sessions, {
      findByAccessHash: async (accessHash) =>
        aSession(copyOf(accessHash), { accessHash: copyOf(accessHash), userAgent: copyOf('x'.repeat(100)) }),
    }),
    accounts: delegate(naive.accounts, {
      findMany: async (accountIds) =>
        new Map(accountIds.map((id) => [id, anAccount(copyOf(id), { bio: copyOf('x'.repeat(80)) })])),
      listPopularAccountIds: async () => numbers(popularAccounts).map(authorId),
    }),
    posts: delegate(naive.posts, {
      findMany: async (postIds) =>
        new Map(
          postIds.map((id) => [
            id,
            Object.freeze({
              postId: copyOf(id),
              authorId: authorId(authorOf(numberOf(id, 3_000_000))),
              text: copyOf('x'.repeat(120)),
              entities: { mentions: [], hashtags: [], urls: [] },
              visibility: 'public' as const,
              media: [],
              createdAt: 0,
              likeCount: 0,
              replyCount: 0,
            }),
          ]),
        ),
      listByAuthor: async () => [],
    }),
    follows: delegate(naive.follows, {
      listFollowees: async (followerId) =>
        followedBy(numberOf(followerId, 2_000_000)).map((author) => ({
          followeeId: authorId(author),
          counted: true,
        })),
    }),
  };
}

it('reads of 5,000 active readers, each of whom follows 100 accounts, are hits, within the memory of the caches', async () => {
  const postsOf = new Map<number, number[]>(numbers(authors).map((author) => [author, []]));
  for (const post of numbers(newestPosts)) postsOf.get(authorOf(post))?.push(post);
  const pages = numbers(readers).map((reader) =>
    followedBy(reader)
      .flatMap((author) => postsOf.get(author) ?? [])
      .toSorted((a, b) => b - a)
      .slice(0, page),
  );
  const usedBefore = usedBytes();
  const bus = new LocalBus();
  const caches = createCaches({ bytesMax: defaultCacheBytes, isShared: false });
  bus.listen(listenerOf(caches));
  const stores = cachedStores(sources(bus), caches, bus);
  const deps = { ...stores, mediaUrl: mediaUrlFrom('https://cdn.example.com') };
  const readHome = async (reader: number) => {
    const accountId = readerId(reader);
    await stores.sessions.findByAccessHash(`${accountId}${'x'.repeat(45)}`);
    await stores.accounts.findMany([accountId]);
    await stores.mutes.mutedBy(accountId);
    const popularIds = await stores.follows.listPopularFolloweeIds(accountId);
    await stores.posts.listByAuthors(popularIds, { limit: page });
    const posts = await viewPosts(deps, accountId, (pages[reader] ?? []).map(postId));
    expect(posts).toHaveLength(page);
  };
  const lookUps = () => Object.entries(caches).map(([name, { hits, misses }]) => ({ name, hits, misses }));

  for (const reader of numbers(readers)) {
    await readHome(reader);
    // Further pages of the timeline, of which the marks of likes are kept.
    const older = numbers(108).map((n) => postId(draw(newestPosts, reader, n)));
    await stores.likes.likedAmong(readerId(reader), 'post', older);
  }
  const cold = lookUps();
  for (const reader of numbers(readers)) await readHome(reader);

  for (const [index, { name, hits, misses }] of lookUps().entries()) {
    const since = { hits: hits - (cold[index]?.hits ?? 0), misses: misses - (cold[index]?.misses ?? 0) };
    if (since.hits + since.misses === 0) continue;
    expect(since.hits / (since.hits + since.misses), name).toBeGreaterThanOrEqual(0.95);
  }
  const used = usedBytes() - usedBefore;
  expect(used).toBeLessThan(defaultCacheBytes);
  const counted = Object.values(caches).reduce((sum, { bytes }) => sum + bytes, 0);
  expect(counted / used).toBeGreaterThan(0.8);
  expect(counted / used).toBeLessThan(1.4);
});
