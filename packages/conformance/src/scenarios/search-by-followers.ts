import type { Deps } from '@twite/core/engine';
import type { SearchIndex } from '@twite/core/search/search-index';
import { searchPosts } from '@twite/core/search/search-posts';
import { expect, it } from 'vitest';
import type { EngineUnderTest } from '../suite.ts';
import { newest, openSociety, type Person, readAll, type Society, type StartWorkers } from './society.ts';

/** The same ports, and a log of a search's calls to them. */
function recording(deps: Deps) {
  const asked = {
    accountIds: new Set<string>(),
    followeeLists: 0,
    searches: [] as string[][],
  };
  const watch = <T extends object>(port: T, watched: Partial<T>): T =>
    new Proxy(port, {
      get(target, name) {
        const method = Reflect.get(watched, name) ?? Reflect.get(target, name);
        return typeof method === 'function' ? method.bind(target) : method;
      },
    });
  const recorded: Deps = {
    ...deps,
    accounts: watch(deps.accounts, {
      findMany: (accountIds) => {
        for (const accountId of accountIds) asked.accountIds.add(accountId);
        return deps.accounts.findMany(accountIds);
      },
    }),
    follows: watch(deps.follows, {
      listFolloweeIds: (accountId) => {
        asked.followeeLists += 1;
        return deps.follows.listFolloweeIds(accountId);
      },
    }),
    search: watch(deps.search, {
      searchPosts: (query, page) => {
        asked.searches.push([...query.followersPostsOf]);
        return deps.search.searchPosts(query, page);
      },
    }),
  };
  return { deps: recorded, asked };
}

const joinMany = (society: Society, name: string, count: number): Promise<Person[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => society.join(`${name}${index}`)));

/** Reads all pages, each of which is full except the last. */
const findAll = async (deps: Deps, viewer: Person, q: string, limit: number): Promise<string[]> => {
  const posts = await readAll(async (cursor) => {
    const page = await searchPosts(deps, viewer.accountId, q, { limit, cursor });
    if (page.nextCursor !== null) expect(page.items).toHaveLength(limit);
    return page;
  });
  return posts.map(({ postId }) => postId);
};

/** Followers find followers-only posts, whatever strangers wrote and however many accounts the viewer follows. */
export function searchByFollowers(underTest: EngineUnderTest, startWorkers: StartWorkers): void {
  const scenario = (name: string, tell: (society: Society) => Promise<void>): void => {
    it(`search by followers: ${name}`, async () => {
      await using society = await openSociety(underTest, startWorkers);
      await tell(society);
    });
  };

  scenario('a search asks about the authors of what it finds, not about all followees', async (society) => {
    const [me, friend, stranger] = [
      await society.join('me'),
      await society.join('friend'),
      await society.join('stranger'),
    ];
    const followees = await joinMany(society, 'followee', 40);
    for (const followee of [friend, ...followees]) await me.follow(followee);
    for (const followee of followees) await followee.post('Something else', 'followers');
    const posts = [
      await stranger.post('tulip'),
      await friend.post('tulip', 'followers'),
      await me.post('tulip', 'followers'),
    ];
    await stranger.post('tulip', 'followers');
    await society.settled();
    for (const q of ['tulip', 'tulip from:me from:friend from:stranger']) {
      const { deps, asked } = recording(society.deps);
      expect(await findAll(deps, me, q, 2)).toEqual(newest(posts));
      expect(asked.followeeLists).toBe(0);
      const authorIds = [me, friend, stranger].map(({ accountId }) => accountId);
      expect(authorIds).toEqual(expect.arrayContaining([...asked.accountIds]));
      for (const searched of asked.searches) {
        expect([me.accountId, friend.accountId]).toEqual(expect.arrayContaining(searched));
      }
    }
  });

  scenario('pages are full and cheap, with any number of hidden posts in between', async (society) => {
    const [me, friend, other] = [
      await society.join('me'),
      await society.join('friend'),
      await society.join('other'),
    ];
    const strangers = await joinMany(society, 'stranger', 3);
    await me.follow(friend);
    const posts = [];
    for (let index = 0; index < 6; index++) {
      for (const stranger of strangers) {
        for (let hidden = 0; hidden < 8; hidden++) await stranger.post('tulip', 'followers');
      }
      posts.push(await friend.post('tulip', 'followers'), await other.post('tulip'));
    }
    for (const stranger of strangers) await stranger.post('tulip', 'followers');
    await society.settled();
    for (const limit of [1, 4, 100]) {
      const { deps, asked } = recording(society.deps);
      expect(await findAll(deps, me, 'tulip', limit)).toEqual(newest(posts));
      expect(asked.followeeLists).toBe(0);
      expect(asked.searches.length).toBeLessThanOrEqual(2 * Math.ceil(posts.length / limit) + 2);
    }
  });

  scenario('nothing is missing when the index cannot tell all authors', async (society) => {
    const [me, friend, gone] = [
      await society.join('me'),
      await society.join('friend'),
      await society.join('gone'),
    ];
    const strangers = await joinMany(society, 'stranger', 3);
    for (const followee of [friend, gone]) await me.follow(followee);
    const posts = [await friend.post('tulip', 'followers'), await strangers[0]?.post('tulip')];
    await gone.post('tulip', 'followers');
    for (const stranger of strangers) await stranger.post('tulip', 'followers');
    await society.settled();
    await society.suspend(gone);
    const search: SearchIndex = Object.assign(Object.create(society.deps.search), {
      findFollowersPostAuthors: (...[terms, range]: Parameters<SearchIndex['findFollowersPostAuthors']>) =>
        society.deps.search.findFollowersPostAuthors(terms, { ...range, limit: 2 }),
      searchPosts: (...args: Parameters<SearchIndex['searchPosts']>) =>
        society.deps.search.searchPosts(...args),
    });
    const { deps, asked } = recording({ ...society.deps, search });
    for (const limit of [1, 2, 20]) {
      expect(await findAll(deps, me, 'tulip', limit)).toEqual(
        newest(posts.filter((post) => post !== undefined)),
      );
    }
    expect(asked.followeeLists).toBeGreaterThan(0);
  });
}
