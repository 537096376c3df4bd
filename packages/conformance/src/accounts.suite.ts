import { expect } from 'vitest';
import { expectAccountPictures } from './account-pictures.ts';
import { expectAccountsByHandles } from './accounts-by-handles.ts';
import { hardTexts } from './hard-texts.ts';
import { avatarFor, newMedia, snapshotFor } from './media-fixtures.ts';
import { walkBefore } from './pages.ts';
import type { Suite } from './suite.ts';
import {
  accountOf,
  anAccount,
  atOnce,
  newAccount,
  newFollow,
  newPost,
  people,
  reinstate,
  suspend,
} from './world.ts';

export const accountsSuite: Suite = (context) => {
  const { fact, factAlone } = context;

  fact('a new account is an active user without content', async (world) => {
    const account = anAccount(world, { displayName: 'Fantine' });
    expect(await world.engine.accounts.insert(account)).toBe('inserted');
    const record = await accountOf(world, account.accountId);
    expect(record).toEqual({
      accountId: account.accountId,
      handle: account.handle,
      displayName: 'Fantine',
      bio: '',
      avatar: null,
      banner: null,
      role: 'user',
      status: 'active',
      rev: 1,
      suspendedAt: null,
      suspensionReason: null,
      createdAt: account.createdAt,
      popular: false,
      followerCount: 0,
      followingCount: 0,
      publicPostCount: 0,
      followersPostCount: 0,
    });
    expect(Object.isFrozen(record)).toBe(true);
  });

  fact('inserting an account again changes nothing', async (world) => {
    const { accounts } = world.engine;
    const account = anAccount(world);
    await accounts.insert(account);
    const first = await accountOf(world, account.accountId);
    expect(await accounts.insert(account)).toBe('exists');
    expect(
      await accounts.insert({
        ...account,
        handle: world.word(),
        displayName: 'Another',
        passwordHash: 'another',
      }),
    ).toBe('exists');
    expect(await accountOf(world, account.accountId)).toEqual(first);
    expect(await accounts.findPasswordHash(account.accountId)).toBe(account.passwordHash);
  });

  fact('a handle has one owner, ignoring case', async (world) => {
    const { accounts } = world.engine;
    const word = world.word();
    const handle = `${word}_Isi_I`;
    const accountId = await newAccount(world, { handle });
    for (const taken of [handle, handle.toLowerCase(), handle.toUpperCase(), `${word}_iSI_i`]) {
      const other = anAccount(world, { handle: taken });
      expect(await accounts.insert(other)).toBe('handle_taken');
      expect((await accounts.findMany([other.accountId])).size).toBe(0);
      expect(await accounts.findByHandle(taken)).toMatchObject({ accountId, handle });
    }
  });

  fact('a handle is matched exactly, without wildcards', async (world) => {
    const { accounts } = world.engine;
    const word = world.word();
    await newAccount(world, { handle: `${word}abc` });
    for (const handle of [
      `${word}a_c`,
      `${word}%`,
      `${word}*`,
      `${word}ab`,
      `${word}abc `,
      '',
      `'${word}abc`,
    ]) {
      expect(await accounts.findByHandle(handle)).toBeUndefined();
    }
  });

  fact('a handle can be the name of an inherited property', async (world) => {
    const { accounts } = world.engine;
    for (const handle of ['constructor', 'toString', 'hasOwnProperty', 'valueOf']) {
      expect(await accounts.findByHandle(handle)).toBeUndefined();
      const accountId = await newAccount(world, { handle });
      expect(await accounts.findByHandle(handle)).toMatchObject({ accountId, handle });
    }
  });

  fact('of several concurrent claims of a handle, one succeeds', async (world) => {
    const handle = world.word();
    const results = await atOnce(20, (i) =>
      world.engine.accounts.insert(anAccount(world, { handle: i % 2 === 0 ? handle : handle.toUpperCase() })),
    );
    expect(results.filter((result) => result === 'inserted')).toHaveLength(1);
    expect(results.filter((result) => result === 'handle_taken')).toHaveLength(19);
  });

  fact('of several concurrent inserts of an account, one is the first', async (world) => {
    const account = anAccount(world);
    const results = await atOnce(20, () => world.engine.accounts.insert(account));
    expect(results.filter((result) => result === 'inserted')).toHaveLength(1);
    expect(results.filter((result) => result === 'exists')).toHaveLength(19);
  });

  fact('several accounts are found at once, without unknown ones', async (world) => {
    const { accounts } = world.engine;
    const { a, b } = await people(world, 'a', 'b');
    const unknown = Array.from({ length: 2_000 }, () => world.id());
    const found = await accounts.findMany([b, ...unknown, a, b, '__proto__']);
    expect([...found.keys()].sort()).toEqual([a, b]);
    expect(found.get(a)).toMatchObject({ accountId: a, displayName: 'a' });
    expect((await accounts.findMany([])).size).toBe(0);
  });

  fact('names and bios are stored unchanged', async (world) => {
    const { accounts } = world.engine;
    const accountId = await newAccount(world);
    for (const text of hardTexts) {
      expect(await accounts.update(accountId, { displayName: text, bio: text })).toBe(true);
      expect(await accountOf(world, accountId)).toMatchObject({ displayName: text, bio: text });
    }
  });

  fact('an update only changes the given fields, and is idempotent', async (world) => {
    const { accounts } = world.engine;
    const accountId = await newAccount(world, { displayName: 'Jean' });
    for (let i = 0; i < 2; i++) expect(await accounts.update(accountId, { bio: 'A mayor' })).toBe(true);
    expect(await accountOf(world, accountId)).toMatchObject({ displayName: 'Jean', bio: 'A mayor' });
    expect(await accounts.update(accountId, { displayName: '' })).toBe(true);
    expect(await accountOf(world, accountId)).toMatchObject({ displayName: '', bio: 'A mayor' });
    expect(await accounts.update(accountId, {})).toBe(true);
    expect(await accountOf(world, accountId)).toMatchObject({ displayName: '', bio: 'A mayor' });
  });

  fact('a returned record never changes', async (world) => {
    const accountId = await newAccount(world, { displayName: 'Before' });
    const record = await accountOf(world, accountId);
    await world.engine.accounts.update(accountId, { displayName: 'After' });
    expect(record.displayName).toBe('Before');
    expect((await accountOf(world, accountId)).displayName).toBe('After');
  });

  fact('changes of a missing account return false', async (world) => {
    const { accounts } = world.engine;
    const unknown = world.id();
    expect(await accounts.update(unknown, { bio: 'x' })).toBe(false);
    expect(await accounts.setRole(unknown, 'admin')).toBe(false);
    expect(await accounts.setSuspension(unknown, { at: 1, reason: null })).toBe(false);
    expect(await accounts.setSuspension(unknown, null)).toBe(false);
    expect(await accounts.markDeleted(unknown)).toBe(false);
    expect(await accounts.findPasswordHash(unknown)).toBeUndefined();
    expect((await accounts.findMany([unknown])).size).toBe(0);
  });

  fact('a password hash can be replaced', async (world) => {
    const { accounts } = world.engine;
    const accountId = await newAccount(world, { passwordHash: '$one' });
    expect(await accounts.findPasswordHash(accountId)).toBe('$one');
    for (let i = 0; i < 2; i++) await accounts.setPasswordHash(accountId, '$two');
    expect(await accounts.findPasswordHash(accountId)).toBe('$two');
  });

  fact('a role can be set', async (world) => {
    const accountId = await newAccount(world);
    for (const role of ['moderator', 'admin', 'admin', 'user'] as const) {
      expect(await world.engine.accounts.setRole(accountId, role)).toBe(true);
      expect((await accountOf(world, accountId)).role).toBe(role);
    }
  });

  fact(
    'the revision rises with each change of name, bio, pictures, role and status, and with nothing else',
    async (world) => {
      const { accounts } = world.engine;
      const { accountId, follower } = await people(world, 'accountId', 'follower');
      const rev = async () => (await accountOf(world, accountId)).rev;
      const mediaId = await newMedia(world, accountId);
      const [avatar, banner] = [await avatarFor(world, mediaId), await snapshotFor(world, mediaId)];
      const changes = [
        () => accounts.update(accountId, { avatar }),
        () => accounts.update(accountId, { banner }),
        () => accounts.update(accountId, { avatar: null }),
        () => accounts.update(accountId, { displayName: 'New' }),
        () => accounts.update(accountId, { bio: 'New' }),
        () => accounts.setRole(accountId, 'moderator'),
        () => suspend(world, accountId),
        () => reinstate(world, accountId),
        () => accounts.markDeleted(accountId),
      ];
      for (const change of changes) {
        const before = await rev();
        await accounts.setPasswordHash(accountId, '$other');
        await accounts.markPopular(accountId);
        await newFollow(world, follower, accountId);
        await newPost(world, accountId);
        await world.engine.follows.unfollow(follower, accountId);
        await world.settled();
        expect(await rev()).toBe(before);
        await change();
        expect(await rev()).toBeGreaterThan(before);
      }
    },
  );

  fact('admins are counted while they are active', async (world) => {
    const { accounts } = world.engine;
    const before = await accounts.countAdmins();
    const { a, b } = await people(world, 'a', 'b', 'c');
    await accounts.setRole(a, 'admin');
    await accounts.setRole(a, 'admin');
    await accounts.setRole(b, 'admin');
    expect(await accounts.countAdmins()).toBe(before + 2);
    await suspend(world, a);
    expect(await accounts.countAdmins()).toBe(before + 1);
    await reinstate(world, a);
    expect(await accounts.countAdmins()).toBe(before + 2);
    await accounts.setRole(a, 'moderator');
    await accounts.markDeleted(b);
    expect(await accounts.countAdmins()).toBe(before);
  });

  fact('an account can be suspended and reinstated repeatedly', async (world) => {
    const { accounts } = world.engine;
    const accountId = await newAccount(world);
    const active = await accountOf(world, accountId);
    const at = world.clock.now();
    for (let i = 0; i < 2; i++) {
      expect(await accounts.setSuspension(accountId, { at, reason: 'spam' })).toBe(true);
      const suspended = await accountOf(world, accountId);
      expect(suspended).toEqual({
        ...active,
        rev: suspended.rev,
        status: 'suspended',
        suspendedAt: at,
        suspensionReason: 'spam',
      });
      expect(await accounts.setSuspension(accountId, null)).toBe(true);
      const { rev } = await accountOf(world, accountId);
      expect(await accountOf(world, accountId)).toEqual({ ...active, rev });
    }
    await accounts.setSuspension(accountId, { at, reason: null });
    expect(await accountOf(world, accountId)).toMatchObject({ status: 'suspended', suspensionReason: null });
    expect(await accounts.findByHandle(active.handle)).toMatchObject({ accountId, status: 'suspended' });
  });

  fact('a deleted account leaves a tombstone that keeps the handle', async (world) => {
    const { accounts } = world.engine;
    const accountId = await newAccount(world, { displayName: 'Javert' });
    const mediaId = await newMedia(world, accountId);
    const [avatar, banner] = [await avatarFor(world, mediaId), await snapshotFor(world, mediaId)];
    await accounts.update(accountId, { bio: 'Inspector', avatar, banner });
    await suspend(world, accountId);
    const { handle } = await accountOf(world, accountId);
    expect(await accounts.markDeleted(accountId)).toBe(true);
    await accounts.markDeleted(accountId);
    expect(await accountOf(world, accountId)).toMatchObject({
      accountId,
      handle,
      displayName: '',
      bio: '',
      avatar: null,
      banner: null,
      status: 'deleted',
      suspendedAt: null,
    });
    expect(await accounts.findPasswordHash(accountId)).toBeUndefined();
    expect(await accounts.findByHandle(handle)).toMatchObject({ accountId, status: 'deleted' });
    expect(await accounts.insert(anAccount(world, { handle: handle.toUpperCase() }))).toBe('handle_taken');
    expect(await accounts.insert(anAccount(world, { accountId, handle }))).toBe('exists');
    expect((await accountOf(world, accountId)).status).toBe('deleted');
  });

  fact('a deleted account stays deleted', async (world) => {
    const { accounts } = world.engine;
    const accountId = await newAccount(world);
    await accounts.markDeleted(accountId);
    expect(await accounts.setSuspension(accountId, { at: 1, reason: 'late' })).toBe(false);
    expect(await accounts.setSuspension(accountId, null)).toBe(false);
    expect(await accountOf(world, accountId)).toMatchObject({ status: 'deleted', suspendedAt: null });
  });

  fact('an account that was popular once stays popular', async (world) => {
    const { accounts } = world.engine;
    const { a, b } = await people(world, 'a', 'b');
    await accounts.markPopular(a);
    await accounts.markPopular(a);
    await suspend(world, a);
    await reinstate(world, a);
    await accounts.update(a, { bio: 'famous' });
    expect((await accountOf(world, a)).popular).toBe(true);
    expect((await accountOf(world, b)).popular).toBe(false);
  });

  fact('accounts are listed newest first, by status, without deleted ones', async (world) => {
    const { accounts } = world.engine;
    const { a, b, c, d, e } = await people(world, 'a', 'b', 'c', 'd', 'e');
    await suspend(world, b);
    await suspend(world, d);
    await accounts.markDeleted(c);
    const before = world.id();
    const list = async (limit: number, status?: 'active' | 'suspended') =>
      (await accounts.list({ before, limit, status })).map((account) => account.accountId);
    expect(await list(4)).toEqual([e, d, b, a]);
    expect(await list(2)).toEqual([e, d]);
    expect(await list(2, 'active')).toEqual([e, a]);
    expect(await list(2, 'suspended')).toEqual([d, b]);
    const [row] = await accounts.list({ before: e, limit: 1, status: undefined });
    expect(row).toEqual(await accountOf(world, d));
  });

  factAlone('all accounts can be iterated', {}, async (world) => {
    const ids: string[] = [];
    for (let i = 0; i < 7; i++) ids.push(await newAccount(world));
    for (const limit of [1, 3, 7, 100]) {
      const walked = await walkBefore(
        async (page) => (await world.engine.accounts.list(page)).map((account) => account.accountId),
        limit,
      );
      expect(walked).toEqual(ids.toReversed());
    }
  });

  expectAccountPictures(context);

  expectAccountsByHandles(context);
};
