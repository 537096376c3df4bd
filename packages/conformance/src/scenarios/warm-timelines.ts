import type { Deps } from '@twite/core/engine';
import { getHomeTimeline } from '@twite/core/timelines/get-home-timeline';
import { expect, it } from 'vitest';
import type { EngineUnderTest } from '../suite.ts';
import { newest, openSociety, type StartWorkers } from './society.ts';

/** How timelines become and stay warm. */
export function warmTimelines(underTest: EngineUnderTest, startWorkers: StartWorkers): void {
  it('a follow adds the newest posts to a warm timeline, and an unfollow removes them', async () => {
    await using society = await openSociety(underTest, startWorkers);
    const [ann, bob, eve] = [await society.join('ann'), await society.join('bob'), await society.join('eve')];
    const windowOf = async () => (await society.deps.timelines.read(bob.accountId, { limit: 100 }))?.postIds;
    const posts = [
      await ann.post('Ann 1'),
      await eve.post('Eve 1'),
      await ann.post('Ann 2'),
      await eve.post('Eve 2'),
    ];
    await bob.follow(ann);
    await society.settled();
    const ofAnn = posts.filter(({ text }) => text.startsWith('Ann'));
    expect(await bob.home()).toEqual(newest(ofAnn));

    await bob.follow(eve);
    expect(await windowOf()).toEqual(newest(posts));
    expect(await bob.home()).toEqual(newest(posts));
    await society.settled();
    expect(await windowOf()).toEqual(newest(posts));

    await bob.unfollow(eve);
    expect(await bob.home()).toEqual(newest(ofAnn));
    await society.settled();
    expect(await windowOf()).toEqual(newest(ofAnn));

    await bob.follow(eve);
    posts.push(await eve.post('Eve 3'));
    await society.settled();
    expect(await bob.home()).toEqual(newest(posts));
  });

  it('a follow of an account with more posts than a window holds keeps the window contiguous', async () => {
    await using society = await openSociety(underTest, startWorkers, { timelineLength: 5 });
    const [ann, bob, eve] = [await society.join('ann'), await society.join('bob'), await society.join('eve')];
    const posts = [];
    for (let n = 0; n < 4; n += 1) posts.push(await ann.post(`Old ${n}`));
    for (let n = 0; n < 9; n += 1) posts.push(await eve.post(`Many ${n}`));
    posts.push(await ann.post('New'));
    await bob.follow(ann);
    await society.settled();
    await bob.home();
    await bob.follow(eve);
    const window = await society.deps.timelines.read(bob.accountId, { limit: 100 });
    expect(window).toEqual({ postIds: newest(posts).slice(0, 5), complete: false });
    expect(await bob.home(3)).toEqual(newest(posts));
    await society.settled();
    await bob.unfollow(eve);
    await society.settled();
    expect(await bob.home(3)).toEqual(newest(posts.filter(({ text }) => !text.startsWith('Many'))));
  });

  it('a read without room for a rebuild uses the primary store, and a job rebuilds', async () => {
    await using society = await openSociety(underTest, startWorkers);
    const [ann, bob] = [await society.join('ann'), await society.join('bob')];
    await bob.follow(ann);
    const posts = [await ann.post('One'), await ann.post('Two')];
    await society.settled();
    let enqueued = 0;
    const timelineRebuilds: Deps['timelineRebuilds'] = {
      run: async () => false,
      mayEnqueue: () => {
        enqueued += 1;
        return enqueued === 1;
      },
    };
    const deps = { ...society.deps, timelineRebuilds };
    const home = async () => {
      const { items } = await getHomeTimeline(deps, bob.accountId, { limit: 10 });
      return items.map(({ postId }) => postId);
    };
    await deps.timelines.drop([bob.accountId]);
    expect([await home(), await home()]).toEqual([newest(posts), newest(posts)]);
    await society.settled();
    const window = await deps.timelines.read(bob.accountId, { limit: 10 });
    expect(window?.postIds).toEqual(newest(posts));
  });
}
