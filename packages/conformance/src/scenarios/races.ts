import { changePassword } from '@twite/core/accounts/change-password';
import { deleteAccount } from '@twite/core/accounts/delete-account';
import { settleAccount } from '@twite/core/accounts/settle-account';
import { setRole } from '@twite/core/admin/set-role';
import { suspendAccount } from '@twite/core/admin/suspend-account';
import type { Deps } from '@twite/core/engine';
import { runIdempotently } from '@twite/core/idempotency/run-idempotently';
import { createPost } from '@twite/core/posts/create-post';
import { viewPost } from '@twite/core/posts/view-posts';
import { authenticate } from '@twite/core/sessions/authenticate';
import { createSession } from '@twite/core/sessions/create-session';
import { createToken } from '@twite/core/tokens/create-token';
import { expect, it } from 'vitest';
import type { EngineUnderTest } from '../suite.ts';
import { present } from '../world.ts';
import { openSociety, type Person, type Society, type StartWorkers } from './society.ts';

const idle: StartWorkers = async () => new AsyncDisposableStack();

/** A fast hasher that waits where the test requires it. */
function quickPasswords(verified: () => Promise<void> = async () => {}): Pick<Deps, 'passwords'> {
  return {
    passwords: {
      hash: async (password) => `hash of ${password}`,
      verify: async (passwordHash, password) => {
        const isRight = passwordHash === `hash of ${password}`;
        await verified();
        return isRight;
      },
    },
  };
}

const withPassword = async ({ deps }: Society, person: Person, password: string): Promise<void> =>
  deps.accounts.setPasswordHash(person.accountId, `hash of ${password}`);

const asAdmin = async ({ deps }: Society, person: Person): Promise<void> => {
  await deps.accounts.setRole(person.accountId, 'admin');
};

const recordOf = async ({ deps }: Society, { accountId }: Person) =>
  present((await deps.accounts.findMany([accountId])).get(accountId), 'account');

/** What must hold when two things happen concurrently. */
export function races(underTest: EngineUnderTest, startWorkers: StartWorkers): void {
  const race = (name: string, tell: (society: Society) => Promise<void>, workers = startWorkers): void => {
    it(`in a race, ${name}`, async () => {
      await using society = await openSociety(underTest, workers);
      await tell(society);
    });
  };

  race(
    'a suspension and a reinstatement that are settled at the same time come to an end, and to the right one',
    async (society) => {
      const [ann, bob] = [await society.join('ann'), await society.join('bob')];
      const post = await bob.post('Likeable');
      await ann.like(post);
      await ann.reply(post, 'Indeed');
      await ann.follow(bob);
      const { likes, replies } = society.deps;
      // The two alternate step by step until one of them has finished the likes.
      const turns = Array.from({ length: 52 }, () => Promise.withResolvers<void>());
      const through = Promise.withResolvers<void>();
      let steps = 0;
      let second: Promise<void> | undefined;
      const settleLikes: typeof likes.settleAccount = async (...args) => {
        steps += 1;
        const next = turns[steps + 1];
        if (next === undefined) through.resolve();
        if (next === undefined) throw new Error('the two undo each other for ever');
        turns[steps]?.resolve();
        const changed = await likes.settleAccount(...args);
        second ??= society.reinstate(ann).then(() => settleAccount(deps, ann.accountId));
        await Promise.race([next.promise, through.promise]);
        return changed;
      };
      const deps: Deps = {
        ...society.deps,
        likes: new Proxy(likes, {
          get: (_, name: keyof typeof likes) =>
            name === 'settleAccount' ? settleLikes : likes[name].bind(likes),
        }),
        replies: new Proxy(replies, {
          get: (_, name: keyof typeof replies) => {
            through.resolve();
            return replies[name].bind(replies);
          },
        }),
      };
      await society.suspend(ann);
      await settleAccount(deps, ann.accountId);
      await second;
      expect(await viewPost(society.deps, undefined, post.postId)).toMatchObject({
        likeCount: 1,
        replyCount: 1,
      });
      expect(await recordOf(society, bob)).toMatchObject({ followerCount: 1 });
    },
    idle,
  );

  race('a sign-in with the password that is being changed gets no session', async (society) => {
    const ann = await society.join('ann');
    await withPassword(society, ann, 'the old password');
    const change = () =>
      changePassword(
        { ...society.deps, ...quickPasswords() },
        {
          accountId: ann.accountId,
          sessionId: undefined,
          currentPassword: 'the old password',
          newPassword: 'quite another one',
        },
      );
    // The change happens between the check of the old password and the session.
    const deps = { ...society.deps, ...quickPasswords(change) };
    const credentials = { handle: 'ann', password: 'the old password', userAgent: null };
    await expect(createSession(deps, credentials)).rejects.toMatchObject({ code: 'invalid_credentials' });
    expect(await society.deps.sessions.listByAccount(ann.accountId, { limit: 10 })).toEqual([]);
  });

  race('a crash right after a change of password leaves no other session', async (society) => {
    const ann = await society.join('ann');
    await withPassword(society, ann, 'the old password');
    const deps = { ...society.deps, ...quickPasswords() };
    const { session } = await createSession(deps, {
      handle: 'ann',
      password: 'the old password',
      userAgent: null,
    });
    const { accounts } = deps;
    const crashing = new Proxy(accounts, {
      get: (_, name: keyof typeof accounts) =>
        name === 'setPasswordHash'
          ? async (...args: Parameters<typeof accounts.setPasswordHash>) => {
              await accounts.setPasswordHash(...args);
              throw new Error('the process died');
            }
          : accounts[name].bind(accounts),
    });
    const change = changePassword(
      { ...deps, accounts: crashing },
      {
        accountId: ann.accountId,
        sessionId: undefined,
        currentPassword: 'the old password',
        newPassword: 'quite another one',
      },
    );
    await expect(change).rejects.toThrow('the process died');
    await expect(authenticate(deps, session.accessToken)).rejects.toMatchObject({ code: 'invalid_token' });
  });

  race('an answer that cannot be kept is given, and its key can be used again', async (society) => {
    const ann = await society.join('ann');
    const { deps } = society;
    const { idempotency } = deps;
    const forgetful = new Proxy(idempotency, {
      get: (_, name: keyof typeof idempotency) =>
        name === 'complete'
          ? async () => {
              throw new Error('the database is busy');
            }
          : idempotency[name].bind(idempotency),
    });
    const request = {
      key: 'k',
      caller: ann.accountId,
      operationId: 'createPost',
      input: 'Hello',
      owner: 'this process',
    };
    const post = async (postId: string) => ({
      status: 201,
      body: await createPost(deps, {
        postId,
        authorId: ann.accountId,
        text: 'Hello',
        visibility: 'public',
        mediaIds: [],
      }),
    });
    const first = await runIdempotently({ ...deps, idempotency: forgetful }, request, post);
    expect(await runIdempotently(deps, request, post)).toEqual(first);
    expect(await deps.stats.count()).toMatchObject({ posts: 1 });
  });

  race('a token that is asked for with a session that ends meanwhile is not made', async (society) => {
    const ann = await society.join('ann');
    await withPassword(society, ann, 'the old password');
    const deps = { ...society.deps, ...quickPasswords() };
    const signIn = () =>
      createSession(deps, { handle: 'ann', password: 'the old password', userAgent: null });
    const [hers, stolen] = [await signIn(), await signIn()];
    const thief = await authenticate(deps, stolen.session.accessToken);
    const asked = (name: string) =>
      createToken(deps, thief, {
        tokenId: deps.ids.next(),
        password: 'the old password',
        name,
        scopes: ['read', 'write'],
      });
    const { secret } = await asked('before');
    const byToken = await authenticate(deps, secret);
    await changePassword(deps, {
      accountId: ann.accountId,
      sessionId: hers.session.sessionId,
      currentPassword: 'the old password',
      newPassword: 'quite another one',
    });
    await expect(asked('after')).rejects.toMatchObject({ code: 'wrong_password' });
    // The password was checked in time, and the session ended while the token was created.
    const slow = {
      ...deps,
      passwords: { ...deps.passwords, verify: async () => true },
    };
    const late = {
      tokenId: deps.ids.next(),
      password: 'the old password',
      name: 'late',
      scopes: ['read'] as const,
    };
    await expect(createToken(slow, thief, late)).rejects.toMatchObject({ code: 'invalid_token' });
    await expect(createToken(slow, byToken, late)).rejects.toMatchObject({ code: 'session_required' });
    expect(await deps.tokens.listByAccount(ann.accountId, { limit: 10 })).toEqual([]);
  });

  race('the last two admins cannot both go, whichever way', async (society) => {
    const { deps } = society;
    const ways = {
      demote: async (admin: Person) => setRole(deps, null, admin.accountId, 'user'),
      suspend: async (admin: Person, by: Person) =>
        suspendAccount(deps, { account: await recordOf(society, by) }, admin.accountId, null),
      leave: async (admin: Person) => deleteAccount(deps, admin.accountId),
    };
    let joined = 0;
    for (const one of Object.values(ways)) {
      for (const other of Object.values(ways)) {
        const [ann, bob] = [await society.join(`ann${joined}`), await society.join(`bob${joined++}`)];
        await asAdmin(society, ann);
        await asAdmin(society, bob);
        await Promise.allSettled([one(ann, bob), other(bob, ann)]);
        expect(await deps.accounts.countAdmins()).toBeGreaterThan(0);
        for (const { accountId } of [ann, bob]) await deps.accounts.setRole(accountId, 'user');
      }
    }
  });

  race('what someone still writes while their account is deleted leaves no trace', async (society) => {
    const [ann, bob] = [await society.join('ann'), await society.join('bob')];
    const { deps } = society;
    const his = await bob.post('Of Bob');
    await society.remove(ann);
    await society.settled();
    // Authenticated before the deletion; it reached the stores after everything was erased.
    const [createdAt, entities] = [deps.clock.now(), { mentions: [], hashtags: [], urls: [] }];
    const written = { authorId: ann.accountId, text: 'Late', entities, media: [], createdAt };
    await deps.posts.insert({ ...written, postId: deps.ids.next(), visibility: 'public' });
    await deps.replies.insert({
      ...written,
      replyId: deps.ids.next(),
      postId: his.postId,
      parentReplyId: null,
    });
    await deps.likes.add({
      likeId: deps.ids.next(),
      accountId: ann.accountId,
      kind: 'post',
      subjectId: his.postId,
    });
    await deps.follows.follow({
      followId: deps.ids.next(),
      followerId: ann.accountId,
      followeeId: bob.accountId,
    });
    await deps.blocks.add(deps.ids.next(), ann.accountId, bob.accountId);
    await society.settled();
    expect(await deps.stats.count()).toMatchObject({ posts: 1, replies: 0, likes: 0, follows: 0 });
    expect(await deps.blocks.hiddenFrom(bob.accountId)).toEqual(new Set());
  });

  race('what was posted during a suspension is in the home timeline afterwards', async (society) => {
    const [ann, bob] = [await society.join('ann'), await society.join('bob')];
    await bob.follow(ann);
    expect(await bob.home()).toEqual([]);
    await society.settled();
    expect(await bob.home()).toEqual([]);
    await society.suspend(bob);
    await society.settled();
    const post = await ann.post('Bob is away');
    await society.settled();
    await society.reinstate(bob);
    await society.settled();
    expect(await bob.home()).toEqual([post.postId]);
  });
}
