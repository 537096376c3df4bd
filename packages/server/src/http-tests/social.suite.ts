import type { RecommendedAccount } from '@twite/contract';
import { expect, test } from 'vitest';
import { follow, join, post, textsOf } from './people.ts';
import { suite } from './suite.ts';

const handlesOf = ({ body }: { readonly body: { items: readonly { handle: string }[] } }): string[] =>
  body.items.map((item) => item.handle);

export const follows = suite('follows', (world) => {
  test('following shows in lists, counts and relationships', async () => {
    const { call } = world();
    const [ann, bob] = [await join(call, 'ann'), await join(call, 'bob')];
    for (let turn = 0; turn < 2; turn++) {
      expect((await follow(call, bob, ann)).body).toMatchObject({ following: true, followedBy: false });
    }
    expect(handlesOf(await call('listFollowers', { path: { accountId: ann.accountId } }))).toEqual([
      bob.handle,
    ]);
    expect(handlesOf(await call('listFollowing', { path: { accountId: bob.accountId } }))).toEqual([
      ann.handle,
    ]);
    const { counts } = (await call('getAccount', { path: { accountId: ann.accountId } })).body;
    expect(counts).toEqual({ posts: 0, followers: 1, following: 0 });
    const query = { accountIds: `${bob.accountId},0000000000000000001,${ann.accountId}` };
    const { items } = (await call('listRelationships', { token: ann.token, query })).body;
    expect(items).toMatchObject([
      { accountId: bob.accountId, following: false, followedBy: true },
      { accountId: ann.accountId },
    ]);
    const ended = await call('unfollowAccount', { token: bob.token, path: { accountId: ann.accountId } });
    expect(ended.body.following).toBe(false);
    expect(handlesOf(await call('listFollowers', { path: { accountId: ann.accountId } }))).toEqual([]);
  });

  test('nobody can follow themselves or a missing account', async () => {
    const { call } = world();
    const ann = await join(call, 'ann');
    expect((await follow(call, ann, ann)).body.code).toBe('self_action');
    const nobody = { ...ann, accountId: '0000000000000000001' };
    expect((await follow(call, ann, nobody)).body.code).toBe('account_not_found');
  });
});

export const blocks = suite('blocks and mutes', (world) => {
  test('a block ends both follows, and hides both accounts from each other', async () => {
    const { call } = world();
    const [ann, bob] = [await join(call, 'ann'), await join(call, 'bob')];
    await follow(call, ann, bob);
    await follow(call, bob, ann);
    const [annPost, bobPost] = [await post(call, ann, 'By Ann'), await post(call, bob, 'By Bob')];
    const block = { token: ann.token, path: { accountId: bob.accountId } };
    const blocked = await call('blockAccount', block);
    expect(blocked.body).toMatchObject({ blocking: true, following: false, followedBy: false });
    const asBob = await call('getPost', { token: bob.token, path: { postId: annPost } });
    const asAnn = await call('getPost', { token: ann.token, path: { postId: bobPost } });
    expect([asBob.body.code, asAnn.body.code]).toEqual(['post_not_found', 'post_not_found']);
    expect((await follow(call, bob, ann)).body.code).toBe('blocked');
    expect(handlesOf(await call('listBlocks', { token: ann.token }))).toEqual([bob.handle]);
    expect((await call('unblockAccount', block)).body).toMatchObject({ blocking: false, following: false });
    expect((await call('getPost', { token: bob.token, path: { postId: annPost } })).status).toBe(200);
  });

  test('a mute hides an account from the home timeline immediately and silently', async () => {
    const { call, server } = world();
    const [ann, bob] = [await join(call, 'ann'), await join(call, 'bob')];
    await follow(call, ann, bob);
    await post(call, bob, 'Loud');
    await server.settled();
    const home = async () => textsOf(await call('getHomeTimeline', { token: ann.token }));
    expect(await home()).toEqual(['Loud']);
    const mute = { token: ann.token, path: { accountId: bob.accountId } };
    expect((await call('muteAccount', mute)).body).toMatchObject({ muting: true, following: true });
    expect(await home()).toEqual([]);
    expect(handlesOf(await call('listMutes', { token: ann.token }))).toEqual([bob.handle]);
    await call('unmuteAccount', mute);
    expect(await home()).toEqual(['Loud']);
  });
});

export const timelines = suite('the home timeline', (world) => {
  test('has one’s own posts immediately, and those of followees once settled', async () => {
    const { call, server } = world();
    const [ann, bob] = [await join(call, 'ann'), await join(call, 'bob')];
    await follow(call, ann, bob);
    const home = async () => textsOf(await call('getHomeTimeline', { token: ann.token }));
    expect(await home()).toEqual([]);
    await post(call, ann, 'Mine');
    expect(await home()).toEqual(['Mine']);
    await post(call, bob, 'His');
    await server.settled();
    expect(await home()).toEqual(['His', 'Mine']);
    await call('unfollowAccount', { token: ann.token, path: { accountId: bob.accountId } });
    expect(await home()).toEqual(['Mine']);
    await follow(call, ann, bob);
    expect(await home()).toEqual(['His', 'Mine']);
  });

  test('pages stay stable while posts arrive', async () => {
    const { call, server } = world();
    const [ann, bob] = [await join(call, 'ann'), await join(call, 'bob')];
    await follow(call, ann, bob);
    for (const text of ['1', '2', '3', '4']) await post(call, bob, text);
    await server.settled();
    const page = (query: Record<string, string | number>) =>
      call('getHomeTimeline', { token: ann.token, query: { limit: 2, ...query } });
    const first = await page({});
    await post(call, bob, '5');
    await server.settled();
    const second = await page({ cursor: first.body.nextCursor });
    expect([...textsOf(first), ...textsOf(second)]).toEqual(['4', '3', '2', '1']);
    expect(textsOf(await page({}))).toEqual(['5', '4']);
  });

  test('a deleted post disappears immediately', async () => {
    const { call, server } = world();
    const [ann, bob] = [await join(call, 'ann'), await join(call, 'bob')];
    await follow(call, ann, bob);
    const postId = await post(call, bob, 'Not for long');
    await server.settled();
    await call('deletePost', { token: bob.token, path: { postId } });
    expect((await call('getHomeTimeline', { token: ann.token })).body.items).toEqual([]);
  });
});

export const search = suite('search', (world) => {
  test('finds posts by words, phrases, tags and authors, newest first', async () => {
    const { call, server } = world();
    const ann = await join(call, 'ann');
    await post(call, ann, 'A garden in the rue Plumet #Plumet1832');
    await post(call, ann, 'The rue is long, the garden is not');
    await server.settled();
    const found = async (q: string) => textsOf(await call('searchPosts', { query: { q } }));
    expect(await found('garden')).toHaveLength(2);
    expect(await found('"rue Plumet"')).toEqual(['A garden in the rue Plumet #Plumet1832']);
    expect(await found('garden -plumet')).toEqual(['The rue is long, the garden is not']);
    expect(await found('#plumet1832')).toHaveLength(1);
    expect(await found(`from:${ann.handle}`)).toHaveLength(2);
    expect(await found('sewers')).toEqual([]);
  });

  test('a query without search terms is refused', async () => {
    const { call } = world();
    const answer = await call('searchPosts', { query: { q: '-garden' } });
    expect(answer.body).toMatchObject({ code: 'invalid_input', errors: [{ in: 'query', path: 'q' }] });
  });

  test('finds accounts by the start of their handle and the words of their name', async () => {
    const { call, server } = world();
    const { token, handle } = await join(call, 'eponine');
    await call('updateMe', { token, body: { displayName: 'Jeune Jondrette' } });
    await server.settled();
    for (const q of ['epon', 'EPONINE', 'jondr', `@${handle}`]) {
      await expect
        .poll(async () => handlesOf(await call('searchAccounts', { query: { q } })))
        .toEqual([handle]);
    }
  });
});

export const recommendations = suite('recommendations', (world) => {
  test('are accounts that one’s followees follow, by their number, with the reason', async () => {
    const { call, server } = world();
    const [ann, bob, cat] = [await join(call, 'ann'), await join(call, 'bob'), await join(call, 'cat')];
    const [often, once] = [await join(call, 'often'), await join(call, 'once')];
    for (const followee of [bob, cat]) await follow(call, ann, followee);
    for (const whom of [often, once, ann]) await follow(call, bob, whom);
    await follow(call, cat, often);
    await server.settled();
    const recommended = async () => {
      const { body } = await call('listRecommendedAccounts', { token: ann.token });
      // Popular accounts of other tests come after them.
      return body.items.filter(({ reason }: RecommendedAccount) => reason.kind !== 'popular');
    };
    expect(await recommended()).toMatchObject([
      { handle: often.handle, reason: { kind: 'followed_by_followees', count: 2 } },
      { handle: once.handle, reason: { count: 1, accounts: [{ handle: bob.handle }] } },
    ]);
    await call('muteAccount', { token: ann.token, path: { accountId: often.accountId } });
    expect(await recommended()).toMatchObject([{ handle: once.handle }]);
  });
});
