import type { Deps } from '@twite/core/engine';
import { followAccount } from '@twite/core/follows/follow-account';
import { unfollowAccount } from '@twite/core/follows/unfollow-account';
import { createPost } from '@twite/core/posts/create-post';
import { getHomeTimeline } from '@twite/core/timelines/get-home-timeline';
import { Unavailable } from '@twite/core/unavailable';
import { expect, it } from 'vitest';
import type { EngineUnderTest } from '../suite.ts';
import { openSociety, type StartWorkers } from './society.ts';

/** The ports with a timeline cache that is always unavailable. */
const withoutTimelines = (deps: Deps): Deps => ({
  ...deps,
  timelines: new Proxy(deps.timelines, {
    get: () => async () => {
      throw new Unavailable('redis');
    },
  }),
});

/** Posting, following and reading depend on the primary store alone: the cache only makes them faster. */
export function cacheAway(underTest: EngineUnderTest, startWorkers: StartWorkers): void {
  it('posting, following and reading work while the timeline cache is unavailable', async () => {
    await using society = await openSociety(underTest, startWorkers);
    const [ann, bob] = [await society.join('ann'), await society.join('bob')];
    const deps = withoutTimelines(society.deps);
    const post = (text: string) =>
      createPost(deps, {
        postId: deps.ids.next(),
        authorId: ann.accountId,
        text,
        visibility: 'public',
        mediaIds: [],
      });
    const home = async () => {
      const { items } = await getHomeTimeline(deps, bob.accountId, { limit: 10 });
      return items.map(({ text }) => text);
    };
    await post('One');
    expect(await home()).toEqual([]);
    expect(await followAccount(deps, bob.accountId, ann.accountId)).toMatchObject({ following: true });
    await post('Two');
    expect(await home()).toEqual(['Two', 'One']);
    await society.settled();
    expect((await bob.homePage()).items.map(({ text }) => text)).toEqual(['Two', 'One']);
    await unfollowAccount(deps, bob.accountId, ann.accountId);
    expect(await home()).toEqual([]);
  });

  it('a bug in the timeline cache itself is not hidden', async () => {
    await using society = await openSociety(underTest, startWorkers);
    const { accountId: authorId } = await society.join('ann');
    const push = () => Promise.reject(new TypeError('a bug'));
    const deps = { ...society.deps, timelines: { ...society.deps.timelines, push } };
    const post = {
      postId: deps.ids.next(),
      authorId,
      text: 'One',
      visibility: 'public',
      mediaIds: [],
    } as const;
    await expect(createPost(deps, post)).rejects.toThrow('a bug');
  });
}
