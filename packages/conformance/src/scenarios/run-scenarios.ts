import type { Settings } from '@twite/core/engine';
import { listFollowers } from '@twite/core/follows/list-followers';
import { listPostLikes } from '@twite/core/likes/list-post-likes';
import { viewPost } from '@twite/core/posts/view-posts';
import { listReplies } from '@twite/core/replies/list-replies';
import { searchAccounts } from '@twite/core/search/search-accounts';
import { searchPosts } from '@twite/core/search/search-posts';
import { describe, expect, it } from 'vitest';
import type { EngineUnderTest } from '../suite.ts';
import { atOnce } from './at-once.ts';
import { cacheAway } from './cache-away.ts';
import { caps } from './caps.ts';
import { discovery, recommend } from './discovery.ts';
import { hiddenReplies } from './hidden-replies.ts';
import { leaks } from './leaks.ts';
import { onePostAKey } from './one-post-a-key.ts';
import { races } from './races.ts';
import { realGraph } from './real-graph.ts';
import { searchByFollowers } from './search-by-followers.ts';
import { newest, openSociety, type Society, type StartWorkers } from './society.ts';
import { timelinesEqualTheNaiveModel } from './timelines-equal-the-naive-model.ts';
import { undo } from './undo.ts';
import { warmTimelines } from './warm-timelines.ts';

export { openSociety, type Society, type StartWorkers } from './society.ts';
export { type Act, anAct, beginStory, type Story } from './story.ts';

/** Registers the scenarios that span several ports, through use cases, with all consumers running. */
export function runScenarios(underTest: EngineUnderTest, startWorkers: StartWorkers): void {
  const scenario = (
    name: string,
    tell: (society: Society) => Promise<void>,
    settings: Partial<Settings> = {},
  ): void => {
    it(name, async () => {
      await using society = await openSociety(underTest, startWorkers, settings);
      await tell(society);
    });
  };

  describe(`scenarios on ${underTest.name}`, () => {
    scenario('a post reaches followers whose timeline is warm, and only them', async (society) => {
      const [ann, bob, eve] = [
        await society.join('ann'),
        await society.join('bob'),
        await society.join('eve'),
      ];
      await bob.follow(ann);
      expect([await bob.home(), await eve.home()]).toEqual([[], []]);
      const post = await ann.post('Hello');
      await society.settled();
      expect([await bob.home(), await eve.home()]).toEqual([[post.postId], []]);
      // It was pushed, not rebuilt on read.
      const window = await society.deps.timelines.read(bob.accountId, { limit: 10 });
      expect(window?.postIds).toEqual([post.postId]);
    });

    scenario('a deleted post disappears at once from every way to it', async (society) => {
      const [ann, bob] = [await society.join('ann'), await society.join('bob')];
      await bob.follow(ann);
      const post = await ann.post('Farewell #gone');
      await bob.like(post);
      await bob.reply(post, 'Why?');
      await society.settled();
      await ann.deletePost(post.postId);
      expect(await bob.home()).toEqual([]);
      const { deps } = society;
      expect((await searchPosts(deps, bob.accountId, 'farewell', { limit: 10 })).items).toEqual([]);
      await expect(viewPost(deps, bob.accountId, post.postId)).rejects.toMatchObject({
        code: 'post_not_found',
      });
      await society.settled();
      expect(await deps.stats.count()).toMatchObject({ posts: 0, likes: 0, replies: 0 });
    });

    scenario('a reply that raced with the deletion of its post goes with it', async (society) => {
      const ann = await society.join('ann');
      const { deps } = society;
      const { postId } = await ann.post('Soon gone');
      await ann.deletePost(postId);
      await society.settled();
      const entities = { mentions: [], hashtags: [], urls: [] };
      const replyId = deps.ids.next();
      const reply = { replyId, postId, parentReplyId: null, authorId: ann.accountId, text: 'Late', entities };
      await deps.replies.insert({ ...reply, media: [], createdAt: 0 });
      await society.settled();
      expect(await deps.stats.count()).toMatchObject({ posts: 0, replies: 0 });
    });

    scenario(
      'a popular account is merged on read, and nothing is lost when it becomes popular',
      async (society) => {
        const ann = await society.join('ann');
        const fans = await Promise.all(Array.from({ length: 12 }, (_, index) => society.join(`fan${index}`)));
        const early = fans.slice(0, 3);
        for (const fan of early) await fan.follow(ann);
        const posts = [await ann.post('To few')];
        await society.settled();
        for (const fan of early) expect(await fan.home()).toEqual(newest(posts));
        for (const fan of fans.slice(3)) await fan.follow(ann);
        posts.push(await ann.post('To many'), await ann.post('And more'));
        await society.settled();
        const record = (await society.deps.accounts.findMany([ann.accountId])).get(ann.accountId);
        expect(record).toMatchObject({ popular: true, followerCount: 12 });
        for (const fan of fans) expect(await fan.home(2)).toEqual(newest(posts));
      },
      { popularFollowerThreshold: 10, fanOutChunkSize: 4 },
    );

    scenario(
      'a timeline reads on past its window, with nothing left out or twice',
      async (society) => {
        const [ann, bob] = [await society.join('ann'), await society.join('bob')];
        await bob.follow(ann);
        await bob.home();
        const posts = [];
        for (let index = 0; index < 23; index++) posts.push(await ann.post(`Number ${index}`));
        await society.settled();
        expect(await bob.home(4)).toEqual(newest(posts));
        const window = await society.deps.timelines.read(bob.accountId, { limit: 100 });
        expect(window?.postIds.length).toBe(8);
      },
      { timelineLength: 8 },
    );

    scenario('a cursor stays stable while posts arrive', async (society) => {
      const [ann, bob] = [await society.join('ann'), await society.join('bob')];
      await bob.follow(ann);
      const posts = [];
      for (let index = 0; index < 6; index++) posts.push(await ann.post(`Number ${index}`));
      await society.settled();
      const first = await bob.homePage({ limit: 3 });
      await ann.post('In between');
      await society.settled();
      const second = await bob.homePage({
        limit: 3,
        ...(first.nextCursor ? { cursor: first.nextCursor } : {}),
      });
      expect([...first.items, ...second.items].map((post) => post.postId)).toEqual(newest(posts));
      expect(second.nextCursor).toBeNull();
    });

    scenario(
      'a block hides both from each other at once, in posts, likes, replies and lists; counts are the same for everyone',
      async (society) => {
        const [ann, bob, eve] = [
          await society.join('ann'),
          await society.join('bob'),
          await society.join('eve'),
        ];
        const { deps } = society;
        await bob.follow(ann);
        await eve.follow(bob);
        const post = await eve.post('In public');
        await ann.post('Of Ann');
        await ann.like(post);
        await ann.reply(post, 'Ann says');
        await bob.block(ann);
        expect(await bob.home()).toEqual([]);
        for (const { accountId } of [bob, eve]) {
          expect(await viewPost(deps, accountId, post.postId)).toMatchObject({ likeCount: 1, replyCount: 1 });
        }
        const page = { limit: 10 };
        expect((await listPostLikes(deps, bob.accountId, post.postId, page)).items).toEqual([]);
        expect((await listReplies(deps, bob.accountId, post.postId, page)).items).toEqual([]);
        expect((await listFollowers(deps, undefined, ann.accountId, page)).items).toEqual([]);
        await expect(ann.follow(bob)).rejects.toMatchObject({ code: 'blocked' });
        await bob.unblock(ann);
        expect((await listPostLikes(deps, bob.accountId, post.postId, page)).items).toHaveLength(1);
      },
    );

    scenario(
      'a suspension hides at once and settles the counts; a reinstatement brings all back',
      async (society) => {
        const [ann, bob] = [await society.join('ann'), await society.join('bob')];
        const { deps } = society;
        await bob.follow(ann);
        await ann.follow(bob);
        const [hers, his] = [await ann.post('Of Ann #news'), await bob.post('Of Bob')];
        await ann.like(his);
        await ann.reply(his, 'Indeed');
        await society.settled();
        const everything = [his.postId, hers.postId];
        expect(await bob.home()).toEqual(everything);
        await society.suspend(ann);
        expect(await bob.home()).toEqual([his.postId]);
        expect((await searchPosts(deps, bob.accountId, '#news', { limit: 5 })).items).toEqual([]);
        await society.settled();
        expect(await viewPost(deps, bob.accountId, his.postId)).toMatchObject({
          likeCount: 0,
          replyCount: 0,
        });
        const bobs = async () => (await deps.accounts.findMany([bob.accountId])).get(bob.accountId);
        expect(await bobs()).toMatchObject({ followerCount: 0, followingCount: 0 });
        expect((await searchAccounts(deps, bob.accountId, 'ann', { limit: 5 })).items).toEqual([]);
        await society.reinstate(ann);
        await society.settled();
        expect(await bob.home()).toEqual(everything);
        expect(await viewPost(deps, bob.accountId, his.postId)).toMatchObject({
          likeCount: 1,
          replyCount: 1,
        });
        expect(await bobs()).toMatchObject({ followerCount: 1, followingCount: 1 });
        expect((await searchAccounts(deps, bob.accountId, 'ann', { limit: 5 })).items).toHaveLength(1);
      },
    );

    scenario('a deleted account leaves no trace', async (society) => {
      const [ann, bob] = [await society.join('ann'), await society.join('bob')];
      const { deps } = society;
      await bob.follow(ann);
      await ann.follow(bob);
      const his = await bob.post('Of Bob');
      await ann.post('Of Ann');
      await ann.like(his);
      await ann.reply(his, 'Indeed');
      await society.remove(ann);
      expect(await bob.home()).toEqual([his.postId]);
      await society.settled();
      expect(await viewPost(deps, bob.accountId, his.postId)).toMatchObject({ likeCount: 0, replyCount: 0 });
      expect(await deps.stats.count()).toEqual({
        accounts: 1,
        suspendedAccounts: 0,
        posts: 1,
        replies: 0,
        likes: 0,
        follows: 0,
      });
    });

    scenario('a mute takes someone out of the home timeline at once, and only there', async (society) => {
      const [ann, bob] = [await society.join('ann'), await society.join('bob')];
      await bob.follow(ann);
      const post = await ann.post('Loud');
      await bob.mute(ann);
      expect(await bob.home()).toEqual([]);
      expect(await viewPost(society.deps, bob.accountId, post.postId)).toMatchObject({ text: 'Loud' });
      await bob.unmute(ann);
      expect(await bob.home()).toEqual([post.postId]);
    });

    scenario(
      'recommendations are friends of friends, by how many friends, with the reason',
      async (society) => {
        const [me, ann, bob, eve, zoe] = await Promise.all(
          ['me', 'ann', 'bob', 'eve', 'zoe'].map((handle) => society.join(handle)),
        );
        if (!me || !ann || !bob || !eve || !zoe) throw new Error('not everyone joined');
        for (const friend of [ann, bob]) {
          await me.follow(friend);
          await friend.follow(eve);
        }
        await ann.follow(zoe);
        await society.settled();
        const list = async () => (await recommend(society.deps, me)).items;
        expect((await list()).map(({ handle, reason }) => [handle, reason.count])).toEqual([
          ['eve', 2],
          ['zoe', 1],
        ]);
        await me.mute(eve);
        await me.block(zoe);
        expect(await list()).toEqual([]);
      },
    );

    atOnce(underTest);
    cacheAway(underTest, startWorkers);
    caps(underTest, startWorkers);
    discovery(underTest, startWorkers);
    leaks(underTest, startWorkers);
    races(underTest, startWorkers);
    timelinesEqualTheNaiveModel(underTest, startWorkers);
    onePostAKey(underTest, startWorkers);
    realGraph(underTest, startWorkers);
    searchByFollowers(underTest, startWorkers);
    undo(underTest, startWorkers);
    warmTimelines(underTest, startWorkers);
    hiddenReplies(underTest, startWorkers);
  });
}
