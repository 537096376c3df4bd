import { defaultSettings } from '@twite/core/engine';
import { type EngineObserver, observeNothing } from '@twite/core/measures/engine-observer';
import type { NewPost } from '@twite/core/posts/post-store';
import { expect, it } from 'vitest';
import { openEmbeddedEngine } from './index.ts';

/** An in-memory engine, and what it reports to its observer about queues and calls. */
async function openObserved() {
  const told: string[] = [];
  const delays: number[] = [];
  const observe: EngineObserver = {
    ...observeNothing,
    delivered(queue, seconds) {
      told.push(`delivered ${queue}`);
      delays.push(seconds);
    },
    handled: (queue, _, messages) => told.push(`handled ${queue} ${messages}`),
    retried: (queue) => told.push(`retried ${queue}`),
    parked: (queue) => told.push(`parked ${queue}`),
    called: (dependency, outcome) => told.push(`${dependency} ${outcome}`),
  };
  const open = await openEmbeddedEngine({
    location: ':memory:',
    clock: Date,
    settings: defaultSettings,
    observe,
  });
  return {
    open,
    delays,
    about: (queue: string) => told.filter((each) => each.split(' ')[1] === queue),
    calls: () => told.filter((each) => each.startsWith('sqlite ')),
    [Symbol.asyncDispose]: () => open[Symbol.asyncDispose](),
  };
}

const post: NewPost = {
  postId: '2000000000000000001',
  authorId: 'a',
  text: 'Hello',
  entities: { mentions: [], hashtags: [], urls: [] },
  visibility: 'public',
  media: [],
  createdAt: 0,
};
const follow = { followId: 'f', followerId: 'a', followeeId: 'b' };

it('an event is observed on delivery, on each failure, and when it is parked or handled', async () => {
  await using observed = await openObserved();
  const { open, about, delays } = observed;
  await open.engine.posts.insert(post);
  await open.engine.events.consume('upkeep', async () => {
    throw new Error('cannot be handled');
  });
  await open.engine.events.consume('fanOut', async () => {});
  await open.settled();
  expect(about('fanOut')).toEqual(['delivered fanOut', 'handled fanOut 1']);
  expect(about('upkeep')).toEqual([
    'delivered upkeep',
    ...Array.from({ length: 4 }, () => 'retried upkeep'),
    'parked upkeep',
  ]);
  for (const seconds of delays) expect(seconds).toBeGreaterThanOrEqual(0);
});

it('a job is observed once on delivery, regardless of retries', async () => {
  await using observed = await openObserved();
  const { open, about } = observed;
  let failures = 2;
  await open.engine.jobs.consume(['reconcile'], {
    rebuildTimeline: async () => {},
    settleAccount: async () => {
      failures -= 1;
      if (failures >= 0) throw new Error('not yet');
    },
    purgePost: async () => {},
  });
  await open.engine.jobs.enqueue([{ name: 'settleAccount', accountId: 'a' }]);
  await open.settled();
  expect(about('jobs.reconcile')).toEqual([
    'delivered jobs.reconcile',
    'retried jobs.reconcile',
    'retried jobs.reconcile',
    'handled jobs.reconcile 1',
  ]);
});

it('writes count as calls to the database, including refused ones', async () => {
  await using observed = await openObserved();
  const { open, calls } = observed;
  await open.engine.follows.follow(follow);
  expect(calls()).toEqual(['sqlite answered']);
});

it('cache lookups are hits after the first read, until a write invalidates them', async () => {
  await using observed = await openObserved();
  const { open } = observed;
  const ofFollowees = () => open.cacheStates().find(({ name }) => name === 'followees');
  const read = () => open.engine.follows.listFolloweeIds('a');
  await read();
  expect(ofFollowees()).toMatchObject({ hits: 0, misses: 1, entries: 1 });
  await read();
  expect(ofFollowees()).toMatchObject({ hits: 1, misses: 1, entries: 1 });
  await open.engine.follows.follow(follow);
  await read();
  expect(ofFollowees()).toMatchObject({ hits: 1, misses: 2, entries: 1 });
});

it('unknown like marks are a miss, even if others of the account are known', async () => {
  await using observed = await openObserved();
  const { open } = observed;
  const likes = () => open.cacheStates().find(({ name }) => name === 'postLikes');
  await open.engine.likes.likedAmong('a', 'post', ['1']);
  await open.engine.likes.likedAmong('a', 'post', ['1']);
  expect(likes()).toMatchObject({ hits: 1, misses: 1 });
  await open.engine.likes.likedAmong('a', 'post', ['1', '2']);
  expect(likes()).toMatchObject({ hits: 1, misses: 2 });
});

it('a cold timeline is a miss, and a ready one a hit', async () => {
  await using observed = await openObserved();
  const { open } = observed;
  const { timelines } = open.engine;
  const state = () => open.cacheStates().find(({ name }) => name === 'timelines');
  await timelines.read('a', { limit: 10 });
  await timelines.completeRebuild(await timelines.beginRebuild('a'), [], true);
  await timelines.read('a', { limit: 10 });
  expect(state()).toEqual({ name: 'timelines', hits: 1, misses: 1, entries: 1 });
});
