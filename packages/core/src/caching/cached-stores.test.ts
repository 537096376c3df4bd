import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { NewAccount } from '../accounts/account-store.ts';
import type { SessionRotation } from '../sessions/session-store.ts';
import type { CachedStores } from './cached-stores.ts';
import { aMedium, aSession } from './testing/records.ts';
import { accountIds, twoProcesses } from './testing/two-processes.ts';

const ids = (prefix: string) => [1, 2, 3].map((n) => `${prefix}${n}`);
const postIds = ids('p');
const replyIds = ids('r');
const hashes = ids('h');

/** Reads everything that goes through a cache. */
async function readAll(from: CachedStores) {
  return {
    accounts: new Map([...(await from.accounts.findMany(accountIds))].sort()),
    byHandle: await Promise.all(accountIds.map((handle) => from.accounts.findByHandle(handle.toUpperCase()))),
    manyByHandle: new Map(
      (await from.accounts.findManyByHandle(accountIds))
        .map((account) => [account.accountId, account] as const)
        .sort(),
    ),
    posts: new Map([...(await from.posts.findMany(postIds))].sort()),
    newest: await from.posts.listByAuthors(accountIds, { limit: 2 }),
    older: await from.posts.listByAuthors(accountIds, { before: 'p3', limit: 5 }),
    replies: new Map([...(await from.replies.findMany(replyIds))].sort()),
    sessions: await Promise.all(hashes.map((hash) => from.sessions.findByAccessHash(hash))),
    tokens: await Promise.all(hashes.map((hash) => from.tokens.findBySecretHash(hash))),
    perAccount: await Promise.all(
      accountIds.map(async (accountId) => ({
        followees: await from.follows.followeesAmong(accountId, accountIds),
        counted: await from.follows.listFolloweeIds(accountId),
        popular: await from.follows.listPopularFolloweeIds(accountId),
        hidden: await from.blocks.hiddenFrom(accountId),
        muted: await from.mutes.mutedBy(accountId),
        likedPosts: await from.likes.likedAmong(accountId, 'post', postIds),
        likedReplies: await from.likes.likedAmong(accountId, 'reply', replyIds),
      })),
    ),
  };
}

const noEntities = { mentions: [], hashtags: [], urls: [] };
const account = fc.constantFrom(...accountIds);
const hash = fc.constantFrom(...hashes);
const number = fc.nat(2);
const kind = fc.constantFrom('post' as const, 'reply' as const);
const subject = (of: 'post' | 'reply', n: number) => (of === 'post' ? postIds : replyIds)[n] as string;

type Change = { readonly says: string; readonly apply: (to: CachedStores) => Promise<unknown> };
const change = <T>(
  arbitrary: fc.Arbitrary<T>,
  says: string,
  apply: (to: CachedStores, given: T) => Promise<unknown>,
) =>
  arbitrary.map(
    (given): Change => ({
      says: `${says} ${JSON.stringify(given)}`,
      apply: (to) => apply(to, given),
    }),
  );
const two = fc.tuple(account, account);
const post = fc.constantFrom(...postIds);
const changes = fc.oneof(
  change(fc.tuple(post, account), 'post', ({ posts }, [postId, authorId]) =>
    posts.insert({
      postId,
      authorId,
      text: '',
      entities: noEntities,
      visibility: 'public',
      media: [],
      createdAt: 0,
    }),
  ),
  change(fc.tuple(post, number), 'media of post', ({ posts }, [postId, n]) =>
    posts.setMedia(postId, [aMedium(`m${n}`)]),
  ),
  change(fc.tuple(number, number), 'media of reply', ({ replies }, [n, m]) =>
    replies.setMedia(subject('reply', n), [aMedium(`m${m}`)]),
  ),
  change(post, 'delete post', ({ posts }, postId) => posts.delete(postId)),
  change(fc.tuple(number, post, account), 'reply', ({ replies }, [n, postId, authorId]) =>
    replies.insert({
      replyId: subject('reply', n),
      postId,
      parentReplyId: null,
      authorId,
      text: '',
      entities: noEntities,
      media: [],
      createdAt: 0,
    }),
  ),
  change(number, 'delete reply', ({ replies }, n) => replies.delete(subject('reply', n))),
  change(post, 'purge replies of', ({ replies }, postId) => replies.purgeByPost(postId, 9)),
  change(fc.tuple(account, kind, number), 'like', ({ likes }, [accountId, of, n]) =>
    likes.add({ likeId: 'l', accountId, kind: of, subjectId: subject(of, n) }),
  ),
  change(fc.tuple(account, kind, number), 'unlike', ({ likes }, [accountId, of, n]) =>
    likes.remove(accountId, of, subject(of, n)),
  ),
  change(account, 'purge likes by', ({ likes }, accountId) => likes.purgeByAccount(accountId, 9)),
  change(fc.tuple(kind, number), 'purge likes of', ({ likes }, [of, n]) =>
    likes.purgeBySubject(of, subject(of, n), 9),
  ),
  change(two, 'follow', ({ follows }, [followerId, followeeId]) =>
    follows.follow({ followId: 'f', followerId, followeeId }),
  ),
  change(two, 'unfollow', ({ follows }, [followerId, followeeId]) =>
    follows.unfollow(followerId, followeeId),
  ),
  change(fc.tuple(account, fc.boolean()), 'settle follows', ({ follows }, [accountId, counted]) =>
    follows.settleAccount(accountId, counted, { limit: 9 }),
  ),
  change(account, 'purge follows', ({ follows }, accountId) => follows.purgeByAccount(accountId, 9)),
  change(two, 'block', ({ blocks }, [accountId, targetId]) => blocks.add('b', accountId, targetId)),
  change(two, 'unblock', ({ blocks }, [accountId, targetId]) => blocks.remove(accountId, targetId)),
  change(account, 'purge blocks', ({ blocks }, accountId) => blocks.purgeByAccount(accountId, 9)),
  change(two, 'mute', ({ mutes }, [accountId, targetId]) => mutes.add('m', accountId, targetId)),
  change(two, 'unmute', ({ mutes }, [accountId, targetId]) => mutes.remove(accountId, targetId)),
  change(account, 'purge mutes', ({ mutes }, accountId) => mutes.purgeByAccount(accountId, 9)),
  change(account, 'sign up', ({ accounts }, accountId) =>
    accounts.insert({ accountId, handle: accountId } as NewAccount),
  ),
  change(account, 'suspend', ({ accounts }, accountId) =>
    accounts.setSuspension(accountId, { at: 0, reason: null }),
  ),
  change(account, 'update', ({ accounts }, accountId) =>
    accounts.update(accountId, { bio: `${Math.random()}` }),
  ),
  change(account, 'mark popular', ({ accounts }, accountId) => accounts.markPopular(accountId)),
  change(fc.tuple(number, account, hash), 'sign in', ({ sessions }, [n, accountId, accessHash]) =>
    sessions.insert(aSession(`s${n}`, { accountId, accessHash, refreshExpiresAt: n })),
  ),
  change(fc.tuple(number, hash), 'rotate', ({ sessions }, [n, accessHash]) =>
    sessions.rotate(`s${n}`, 0, { accessHash } as SessionRotation),
  ),
  change(number, 'sign out', ({ sessions }, n) => sessions.delete(`s${n}`)),
  change(account, 'sign out everywhere', ({ sessions }, accountId) => sessions.deleteByAccount(accountId)),
  change(number, 'expire', ({ sessions }, n) => sessions.deleteExpired(n)),
  change(fc.tuple(number, account, hash), 'token', ({ tokens }, [n, accountId, secretHash]) =>
    tokens.insert({
      tokenId: `t${n}`,
      accountId,
      name: '',
      scopes: ['read'],
      secretHash,
      createdAt: 0,
      expiresAt: null,
    }),
  ),
  change(fc.tuple(number, account), 'end token', ({ tokens }, [n, accountId]) =>
    tokens.delete(accountId, `t${n}`),
  ),
);

const isRead = /^(find|list|liked|count|hidden|muted)/;

/** A seeded generator of uniform random numbers. */
function drawer(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 8;
  };
}

const show = (steps: readonly Change[]) => steps.map(({ says }) => says).join(', ');

describe('stores behind caches', () => {
  it('what is cached is what is stored, after every change, in every process', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(changes, { minLength: 1, maxLength: 25 }), async (steps) => {
        const { one, other, stored } = twoProcesses();
        for (const [index, { apply }] of steps.entries()) {
          await apply(index % 2 === 0 ? one : other);
          const expected = await readAll(stored);
          expect(await readAll(one), show(steps)).toEqual(expected);
          expect(await readAll(other), show(steps)).toEqual(expected);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('nothing stale stays, however reads and writes interleave and wherever writes fail', async () => {
    const step = fc.oneof(
      { weight: 3, arbitrary: changes },
      { weight: 2, arbitrary: fc.constant({ says: 'read', apply: readAll }) },
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 5, maxLength: 20 }),
        fc.noShrink(fc.integer()),
        async (steps, seed) => {
          const draw = drawer(seed);
          const waiting: (() => void)[] = [];
          let isOver = false;
          const { one, other, stored } = twoProcesses(async (_where, method) => {
            if (isOver) return;
            await new Promise<void>((resolve) => waiting.push(resolve));
            if (draw() % 100 < (isRead.test(method) ? 1 : 15)) throw new Error('away');
          });
          const toBegin = [...steps.entries()];
          let acting = 0;
          while (toBegin.length > 0 || acting > 0 || waiting.length > 0) {
            if (acting === 0 || draw() % 16 === 0) {
              const [index, step] = toBegin.shift() ?? [];
              if (step !== undefined) {
                acting += 1;
                const end = () => {
                  acting -= 1;
                };
                step.apply((index ?? 0) % 2 === 0 ? one : other).then(end, end);
              }
            }
            for (const going of waiting.splice(0, 1 + (draw() % 8))) going();
            // Waiting operations continue in random order.
            for (let at = waiting.length - 1; at > 0; at -= 1) {
              const with_ = draw() % (at + 1);
              [waiting[at], waiting[with_]] = [waiting[with_] as () => void, waiting[at] as () => void];
            }
            await new Promise((resolve) => setImmediate(resolve));
          }
          isOver = true;
          const expected = await readAll(stored);
          expect(await readAll(one), show(steps)).toEqual(expected);
          expect(await readAll(other), show(steps)).toEqual(expected);
        },
      ),
      { numRuns: 1_500 },
    );
  });

  it('while other processes are not heard every read asks the stores', async () => {
    const { bus, one, other, stored } = twoProcesses();
    const follow = { followId: 'f', followerId: 'a1', followeeId: 'a2' };
    await readAll(one);
    bus.setCoherent(false);
    await other.follows.follow(follow);
    expect(await readAll(one)).toEqual(await readAll(stored));
    bus.setCoherent(true);
    expect(await readAll(one)).toEqual(await readAll(stored));
  });

  it('a timeline that is rebuilt asks the store, whatever is cached', async () => {
    const asked: string[] = [];
    const { one } = twoProcesses((where, method) => {
      if (where === 'before') asked.push(method);
    });
    await one.posts.listByAuthors(accountIds, { limit: 20 });
    asked.length = 0;
    await one.posts.listByAuthors(accountIds, { limit: 20 });
    expect(asked).toEqual([]);
    await one.posts.listByAuthors(accountIds, { limit: 801 });
    for (let times = 0; times < 2; times++) await one.follows.listFolloweeIds('a1');
    expect(asked).toEqual(['listByAuthors', 'listFolloweeIds', 'listFolloweeIds']);
  });

  it('a record is the same object as long as nothing in it changed', async () => {
    const { one } = twoProcesses();
    const aPost = {
      authorId: 'a1',
      text: '',
      entities: noEntities,
      visibility: 'public' as const,
      media: [],
      createdAt: 0,
    };
    for (const postId of postIds) await one.posts.insert({ postId, ...aPost });
    const before = await one.posts.findMany(postIds);
    await one.likes.add({ likeId: 'l', accountId: 'a2', kind: 'post', subjectId: 'p2' });
    const after = await one.posts.findMany(postIds);
    expect(after.get('p1')).toBe(before.get('p1'));
    expect(after.get('p2')).not.toBe(before.get('p2'));
    expect(await one.follows.listPopularFolloweeIds('a1')).toBe(
      await one.follows.listPopularFolloweeIds('a1'),
    );
    expect(await one.blocks.hiddenFrom('a1')).toBe(await one.blocks.hiddenFrom('a1'));
  });
});
