import { defaultSettings } from '@twite/core/engine';
import { findVisiblePosts } from '@twite/core/search/find-visible-posts';
import { emptyPostQuery } from '@twite/core/search/search-index';
import { expect, it } from 'vitest';
import { openEmbeddedEngine } from './index.ts';

const id = (n: number) => String(1_900_000_000_000_000_000n + BigInt(n));
const [reader, friend, flooder] = [id(1), id(2), id(3)];

it('thousands of hidden posts of one account do not exceed the read limit, and hide no result', async () => {
  await using open = await openEmbeddedEngine({
    location: ':memory:',
    clock: Date,
    settings: defaultSettings,
  });
  const { engine } = open;
  for (const [accountId, handle] of [
    [reader, 'reader'],
    [friend, 'friend'],
    [flooder, 'flooder'],
  ] as const) {
    await engine.accounts.insert({ accountId, handle, displayName: '', passwordHash: '', createdAt: 0 });
  }
  await engine.follows.follow({ followId: id(4), followerId: reader, followeeId: friend });
  const post = (n: number, authorId: string) => ({
    postId: id(n),
    authorId,
    text: 'tulip',
    visibility: 'followers' as const,
  });
  const posts = [
    post(100, friend),
    ...Array.from({ length: 5_000 }, (_, index) => post(101 + index, flooder)),
  ];
  const entities = { mentions: [], hashtags: [], urls: [] };
  await Promise.all(posts.map((one) => engine.posts.insert({ ...one, entities, media: [], createdAt: 0 })));
  await engine.search.indexPosts(posts.map((one) => ({ ...one, tags: [], hasMedia: false })));

  const terms = { ...emptyPostQuery, words: ['tulip'] };
  expect(await engine.search.findFollowersPostAuthors(terms, { limit: 10 })).toEqual({
    authorIds: [flooder],
    isComplete: false,
  });
  expect(await findVisiblePosts(engine, reader, terms, { limit: 10 })).toEqual([id(100)]);
});
