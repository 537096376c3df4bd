import { listAccountPosts } from '@twite/core/posts/list-account-posts';
import { searchPosts } from '@twite/core/search/search-posts';
import { expect, it } from 'vitest';
import type { EngineUnderTest } from '../suite.ts';
import { recommend } from './discovery.ts';
import { openSociety, type Society, type StartWorkers } from './society.ts';

const idle: StartWorkers = async () => new AsyncDisposableStack();

const nothing = { items: [], nextCursor: null };

/** Information that cursors and reasons must not reveal beyond the items. */
export function leaks(underTest: EngineUnderTest, startWorkers: StartWorkers): void {
  const silence = (name: string, tell: (society: Society) => Promise<void>, workers = startWorkers): void => {
    it(`nothing leaks: ${name}`, async () => {
      await using society = await openSociety(underTest, workers);
      await tell(society);
    });
  };

  silence('the cursor of a list or search of someone who blocks', async (society) => {
    const { deps } = society;
    const [ann, bob] = [await society.join('ann'), await society.join('bob')];
    for (let index = 0; index < 40; index++) await ann.post('Something');
    await society.settled();
    await ann.block(bob);
    for (const limit of [1, 2]) {
      expect(await listAccountPosts(deps, bob.accountId, ann.accountId, { limit })).toEqual(nothing);
      expect(await searchPosts(deps, bob.accountId, 'from:ann', { limit })).toEqual(nothing);
    }
  });

  silence('whether a post for followers holds a word', async (society) => {
    const { deps } = society;
    const [ann, bob, eve, stranger] = [
      await society.join('ann'),
      await society.join('bob'),
      await society.join('eve'),
      await society.join('stranger'),
    ];
    await bob.follow(ann);
    const secret = await ann.post('The word is swordfish', 'followers');
    // With as many hidden posts of an accomplice as a search reads, one more would make a difference.
    for (let index = 0; index < 400; index++) {
      await eve.post('swordfish', 'followers');
      if (index % 50 !== 15) continue;
      await society.settled();
      for (const viewerId of [undefined, stranger.accountId]) {
        for (const query of ['swordfish', 'from:ann from:eve swordfish']) {
          expect(await searchPosts(deps, viewerId, query, { limit: 1 })).toEqual(nothing);
        }
      }
    }
    const found = await searchPosts(deps, bob.accountId, 'swordfish', { limit: 1 });
    expect(found).toMatchObject({ items: [{ postId: secret.postId }], nextCursor: null });
    const own = await searchPosts(deps, ann.accountId, 'swordfish', { limit: 1 });
    expect(own).toMatchObject({ items: [{ postId: secret.postId }], nextCursor: null });
  });

  silence(
    'someone who was suspended a moment ago, as the reason of a recommendation',
    async (society) => {
      const { deps } = society;
      const [me, ann, bob, zoe] = [
        await society.join('me'),
        await society.join('ann'),
        await society.join('bob'),
        await society.join('zoe'),
      ];
      for (const friend of [ann, bob]) {
        await me.follow(friend);
        await friend.follow(zoe);
      }
      // The graph may lag: it knows the follows from before a suspension that it has not processed yet.
      await society.settled();
      await society.suspend(ann);
      const { items } = await recommend(deps, me);
      expect(items).toMatchObject([
        { handle: 'zoe', reason: { count: 1, accounts: [{ accountId: bob.accountId }] } },
      ]);
    },
    idle,
  );
}
