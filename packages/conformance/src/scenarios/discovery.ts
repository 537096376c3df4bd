import type { RecommendedAccount } from '@twite/contract';
import { settleAccount } from '@twite/core/accounts/settle-account';
import type { Deps } from '@twite/core/engine';
import { listRecommendedAccounts } from '@twite/core/recommendations/list-recommended-accounts';
import { createPopularAccounts } from '@twite/core/recommendations/popular-accounts';
import { getPublicTimeline } from '@twite/core/timelines/get-public-timeline';
import { expect, it } from 'vitest';
import type { EngineUnderTest } from '../suite.ts';
import { newest, openSociety, type Person, readAll, type Society, type StartWorkers } from './society.ts';

/** The recommendations of a newly started server. */
export const recommend = (deps: Deps, person: Person, limit = 10) =>
  listRecommendedAccounts({ ...deps, popularAccounts: createPopularAccounts(deps) }, person.accountId, limit);

const named = (accounts: readonly RecommendedAccount[]) =>
  accounts.map(({ handle, reason }) => `${handle} ${reason.kind} ${reason.count}`);

/** What a person who follows nobody yet finds: popular accounts and the public timeline. */
export function discovery(underTest: EngineUnderTest, startWorkers: StartWorkers): void {
  const scenario = (name: string, tell: (society: Society) => Promise<void>, settings = {}): void => {
    it(name, async () => {
      await using society = await openSociety(underTest, startWorkers, settings);
      await tell(society);
    });
  };

  const everyone = async (society: Society, ...handles: string[]): Promise<Record<string, Person>> => {
    const people = await Promise.all(handles.map((handle) => society.join(handle)));
    return Object.fromEntries(people.map((person) => [person.handle, person]));
  };

  scenario(
    'a new account is recommended popular accounts that posted, and then others too',
    async (society) => {
      const { deps } = society;
      const { me, fan, star, lesser, silent, muted, blocks, banned } = await everyone(
        society,
        ...['me', 'fan', 'star', 'lesser', 'silent', 'muted', 'blocks', 'banned'],
      );
      if (!me || !fan || !star || !lesser || !silent || !muted || !blocks || !banned)
        throw new Error('alone');
      for (const person of [star, lesser, muted, blocks, banned, me]) await person.post('Here');
      await silent.post('For friends', 'followers');
      for (const whom of [star, lesser, muted, blocks, banned, silent]) await fan.follow(whom);
      for (const whom of [star, silent]) await lesser.follow(whom);
      await me.mute(muted);
      await blocks.block(me);
      await society.suspend(banned);
      await society.settled();

      expect(named((await recommend(deps, me)).items)).toEqual(['star popular 0', 'lesser popular 0']);
      expect(named((await recommend(deps, me, 1)).items)).toEqual(['star popular 0']);
      await me.follow(lesser);
      await society.settled();
      const { items } = await recommend(deps, me);
      expect(named(items).toSorted()).toEqual([
        'silent followed_by_followees 1',
        'star followed_by_followees 1',
      ]);
      expect(named((await recommend(deps, fan)).items)).toEqual(['me popular 0']);
    },
  );

  scenario(
    'popular accounts are read once a while, however many ask, and stay for a week',
    async (society) => {
      const { deps, clock } = society;
      const { star, fan, late } = await everyone(society, 'star', 'fan', 'late');
      if (!star || !fan || !late) throw new Error('alone');
      await star.post('Here');
      await fan.follow(star);
      await society.settled();
      let reads = 0;
      let postsListed = 1_000;
      const popular = createPopularAccounts({
        ...deps,
        posts: {
          listPublic: (page) => {
            reads += 1;
            return deps.posts.listPublic({ ...page, limit: Math.min(page.limit, postsListed) });
          },
        },
      });
      const lists = await Promise.all(Array.from({ length: 20 }, () => popular.list()));
      expect(new Set(lists)).toEqual(new Set([[star.accountId]]));
      expect(reads).toBe(1);

      // Now only one post is recent: the star is still known from before.
      postsListed = 1;
      await late.post('Here, too');
      expect(await popular.list()).toEqual([star.accountId]);
      clock.advance(5_000);
      expect(await popular.list()).toEqual([star.accountId, late.accountId]);
      clock.advance(8 * 86_400_000);
      expect(await popular.list()).toEqual([late.accountId]);
      expect(reads).toBe(3);
    },
  );

  const publicIds = (society: Society, viewer?: Person, limit = 3) =>
    readAll((cursor) => getPublicTimeline(society.deps, viewer?.accountId, { limit, cursor })).then((posts) =>
      posts.map(({ postId }) => postId),
    );

  scenario(
    'the public timeline has the public posts of all, as each viewer may see them',
    async (society) => {
      const { deps } = society;
      const { me, ann, muted, blocks, banned } = await everyone(
        society,
        ...['me', 'ann', 'muted', 'blocks', 'banned'],
      );
      if (!me || !ann || !muted || !blocks || !banned) throw new Error('alone');
      const mine = await me.post('Mine');
      const hers = await ann.post('Hers');
      await ann.post('For friends', 'followers');
      const theirs = await muted.post('Loud');
      const hidden = await blocks.post('Hidden');
      const spam = await banned.post('Spam');
      const last = await ann.post('Last');
      const doomed = await ann.post('Deleted');
      await me.follow(ann);
      await me.mute(muted);
      await blocks.block(me);
      await society.suspend(banned);
      await ann.deletePost(doomed.postId);

      expect(await publicIds(society)).toEqual(newest([mine, hers, theirs, hidden, last]));
      expect(await publicIds(society, me)).toEqual(newest([mine, hers, last]));
      expect(await publicIds(society, me, 1)).toEqual(newest([mine, hers, last]));
      expect(await publicIds(society, ann)).toEqual(newest([mine, hers, theirs, hidden, last]));
      await society.reinstate(banned);
      await settleAccount(deps, banned.accountId);
      expect(await publicIds(society)).toEqual(newest([mine, hers, theirs, hidden, spam, last]));
    },
  );

  scenario(
    'a public timeline that is off is refused',
    async (society) => {
      await (await society.join('ann')).post('Hello');
      await expect(getPublicTimeline(society.deps, undefined, { limit: 3 })).rejects.toMatchObject({
        code: 'public_timeline_off',
      });
    },
    { publicTimeline: false },
  );
}
